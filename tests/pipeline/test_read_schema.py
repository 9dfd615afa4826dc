import pytest

from pipeline.read_schema import read_schema
from schema.user_error import UserError
from tests.components.anomaly_guard.statistics import SCHEMA_TEXT


def refusal(path) -> str:
    with pytest.raises(UserError) as caught:
        read_schema(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_text_is_given_as_it_is_written(tmp_path):
    assert read_schema(None) == SCHEMA_TEXT
    path = tmp_path / "own.pbtxt"
    path.write_text(f"# mine\n{SCHEMA_TEXT.replace('max: 4', 'max: 3')}")
    assert read_schema(path) == path.read_text()


def test_files_that_are_no_schema(tmp_path):
    path = tmp_path / "own.pbtxt"
    assert refusal(path) == (f"data.schema: no file {path}; write one with segpipe schema update, or leave it out")
    assert refusal(tmp_path).startswith(f"data.schema: cannot read {tmp_path}: ")
    path.write_bytes(b"\xff\xfe")
    assert refusal(path).startswith(f"data.schema: cannot read {path}: ")
    path.write_text('feature {\n  nam: "image/encoded"\n}\n')
    assert refusal(path).startswith(f"data.schema: {path} is no TFDV schema in text form: line 2:")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('name: "image/source"', 'name: "image/sources"', "lacks feature image/source"),
        (
            'name: "image/height"\n  type: INT',
            'name: "image/height"\n  type: FLOAT',
            "feature image/height is of type FLOAT, expected INT",
        ),
        ('name: "image/size"', 'name: "image/size"\n  lifecycle_stage: DEPRECATED', "lacks feature image/size"),
        ("  shape {}\n  image_domain {}  #", "  image_domain {}  #", "feature image/encoded lacks shape {}"),
    ],
)
def test_what_the_pipeline_needs(tmp_path, old, new, fault):
    path = tmp_path / "own.pbtxt"
    assert old in SCHEMA_TEXT
    path.write_text(SCHEMA_TEXT.replace(old, new, 1))
    assert (
        refusal(path) == f"data.schema: {path}: {fault}; the pipeline needs all features of segpipe's own schema.pbtxt"
    )


def test_an_empty_file_lacks_everything(tmp_path):
    path = tmp_path / "own.pbtxt"
    path.write_text("")
    assert "lacks feature image/encoded; lacks feature image/segmentation/class/encoded; " in refusal(path)
