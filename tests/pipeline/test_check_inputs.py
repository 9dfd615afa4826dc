from __future__ import annotations

import sys

import pytest

from pipeline.check_inputs import check_inputs
from pipeline.config import load_config
from schema.user_error import UserError


@pytest.fixture
def data(run_config):
    return run_config.parent / "data"


def refusal(run_config, *overrides: str) -> str:
    with pytest.raises(UserError) as caught:
        check_inputs(load_config(run_config, overrides))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_good_inputs_give_the_label_map(run_config):
    assert check_inputs(load_config(run_config)).names == ("sky", "land")


def test_the_label_map_may_lie_elsewhere(run_config, data, tmp_path):
    (data / "label_map.yaml").rename(tmp_path / "map.yaml")
    config = load_config(run_config, [f"data.label_map={tmp_path / 'map.yaml'}"])
    assert check_inputs(config).names == ("sky", "land")


def test_no_folder(run_config, tmp_path):
    expected = f"data.path: no folder {tmp_path}/no; make one with segpipe convert or segpipe shapes"
    assert refusal(run_config, f"data.path={tmp_path}/no").startswith(expected)
    assert refusal(run_config, f"data.path={run_config}").startswith(f"data.path: no folder {run_config}")


def test_no_file_matches(run_config, data):
    assert refusal(run_config, "data.eval=test-*") == (
        f"data.eval: no file in {data} matches test-*; "
        "it holds label_map.yaml, train-0.tfrecord, val-0.tfrecord; change the pattern"
    )


def test_a_folder_is_no_file(run_config, data):
    (data / "train-0.tfrecord").unlink()
    (data / "train-0.tfrecord").mkdir()
    assert refusal(run_config).startswith("data.train: no file in")


def test_patterns_that_pathlib_refuses(run_config):
    assert refusal(run_config, "data.train='.'").startswith("data.train: ")


def test_only_empty_files(run_config, data):
    (data / "val-0.tfrecord").write_bytes(b"")
    assert refusal(run_config).startswith(f"data.eval: the files in {data} that match val-*.tfrecord* are empty")
    (data / "val-1.tfrecord").write_bytes(b"record")  # an empty shard beside a full one is fine
    check_inputs(load_config(run_config))


def test_splits_that_share_files(run_config, data):
    """A score on what was trained on would look better than the model is."""
    assert refusal(run_config, "data.train='*.tfrecord'") == (
        f"data.eval: {data}/val-0.tfrecord belongs to the train split too; give the splits patterns that share no file"
    )


def test_spans(run_config, data):
    for span in (1, 2):
        (data / f"span-{span}").mkdir()
        for split in ("train", "val"):
            (data / f"span-{span}" / f"{split}-0").write_bytes(b"record")
    patterns = ["data.train=span-{SPAN}/train-*", "data.eval=span-{SPAN}/val-*"]
    check_inputs(load_config(run_config, patterns))
    check_inputs(load_config(run_config, [*patterns, "data.span=1"]))
    assert refusal(run_config, *patterns, "data.span=3") == (
        f"data.train: no file of span 3 in {data} matches span-{{SPAN}}/train-*; spans that are there: 1, 2"
    )
    (data / "span-2" / "val-0").write_bytes(b"")
    assert refusal(run_config, *patterns).startswith(f"data.eval: the files in {data} that match span-2/val-* are")
    # TFX fills in the number without its zeros.
    (data / "span-2").rename(data / "span-02")
    assert refusal(run_config, *patterns).startswith(f"data.train: no file in {data} matches span-2/train-*")
    patterns = [pattern.replace("SPAN", "SPAN:2") for pattern in patterns]
    (data / "span-1").rename(data / "span-01")
    (data / "span-02" / "val-0").write_bytes(b"record")
    check_inputs(load_config(run_config, [*patterns, "data.span=2"]))


def test_one_set_of_files(run_config, data):
    check_inputs(load_config(run_config, ["data.files='*.tfrecord'"]))
    assert refusal(run_config, "data.files=all-*").startswith(f"data.files: no file in {data} matches all-*; it holds")


def test_no_label_map(run_config, data, tmp_path):
    assert refusal(run_config, f"data.label_map={tmp_path}/no.yaml").startswith(
        f"data.label_map: no file {tmp_path}/no.yaml; write one"
    )
    (data / "label_map.yaml").unlink()
    assert refusal(run_config).startswith(f"data.label_map: no file {data}/label_map.yaml; write one")


@pytest.mark.parametrize(
    "text", ["classes: [", "classes: 5", "", "classes:\n- {name: sky, color: [0, 0, 0]}\n", "\x00"]
)
def test_a_broken_label_map(run_config, data, text):
    (data / "label_map.yaml").write_text(text)
    assert refusal(run_config).startswith(f"data.label_map: {data}/label_map.yaml: ")


def test_weights(run_config, tmp_path):
    assert refusal(run_config, "model.weights=ImageNet").startswith(
        "model.weights: no file ImageNet; give imagenet, none"
    )
    assert refusal(run_config, f"model.weights={run_config}").startswith(f"model.weights: {run_config} is no .h5 file")
    file = tmp_path / "backbone.weights.h5"
    file.write_bytes(b"hdf")
    check_inputs(load_config(run_config, [f"model.weights={file}"]))
    check_inputs(load_config(run_config, ["model.weights=imagenet"]))


def test_no_schema(run_config, tmp_path):
    assert refusal(run_config, f"data.schema={tmp_path}/no.pbtxt").startswith(
        f"data.schema: no file {tmp_path}/no.pbtxt; write one with segpipe schema update"
    )


def test_no_mlflow_client(run_config, monkeypatch):
    check_inputs(load_config(run_config, ["tracking.mlflow.uri=http://host"]))
    monkeypatch.setitem(sys.modules, "mlflow", None)  # as Python notes what cannot be imported
    assert refusal(run_config, "tracking.mlflow.uri=http://host") == (
        "tracking.mlflow.uri: MLflow's client is not installed; install it with uv sync --extra mlflow or "
        "pip install 'segpipe[mlflow]', or leave that key out"
    )
    check_inputs(load_config(run_config))


def test_oversampled_classes_are_the_label_maps(run_config):
    check_inputs(load_config(run_config, ["training.oversample={land: 3, sky: 1}"]))
    assert refusal(run_config, "training.oversample={sky: 2, lend: 3}") == (
        "training.oversample: no class lend; did you mean land?"
    )
    assert refusal(run_config, "training.oversample.bicycle=3") == (
        "training.oversample: no class bicycle; the label map has sky, land"
    )
