"""The component behind TFX's own driver, which finds spans and versions."""

import pytest
from ml_metadata.proto import metadata_store_pb2
from tfx import v1 as tfx
from tfx.orchestration import metadata

from components.segmentation_example_gen.component import SegmentationExampleGen
from components.segmentation_example_gen.read_summary import read_summary
from tests.components.run_executor import BEAM_ARGS
from tests.components.segmentation_example_gen.records import GOOD, LABEL_MAP, example, write


@pytest.fixture
def run(tmp_path):
    """A function that runs the component alone; returns its artifact and whether it was cached."""
    connection = tfx.orchestration.metadata.sqlite_metadata_connection_config(str(tmp_path / "metadata.sqlite"))

    def run(splits, **settings):
        component = SegmentationExampleGen(str(tmp_path / "data"), splits, LABEL_MAP.to_dict(), **settings)
        component.with_beam_pipeline_args(BEAM_ARGS)
        tfx.orchestration.LocalDagRunner().run(
            tfx.dsl.Pipeline(
                pipeline_name="alone",
                pipeline_root=str(tmp_path / "root"),
                components=[component],
                enable_cache=True,
                metadata_connection_config=connection,
            )
        )
        with metadata.Metadata(connection) as store:
            last = max(store.store.get_executions(), key=lambda execution: execution.id)
            (event,) = store.store.get_events_by_execution_ids([last.id])
            (artifact,) = store.store.get_artifacts_by_id([event.artifact_id])
            return artifact, last.last_known_state == metadata_store_pb2.Execution.CACHED

    return run


def images(artifact, split: str) -> list[str]:
    (by_source,) = read_summary(artifact.uri)["splits"][split]["features"]["image/source"].values()
    return by_source[1]


@pytest.mark.slow
def test_the_newest_span_and_version_are_taken_and_an_unchanged_one_is_not_taken_again(run, tmp_path):
    def bring(folder: str) -> None:
        (tmp_path / "data" / folder).mkdir(parents=True)
        for split in ("train", "val"):
            write(
                tmp_path / "data" / folder / split, [example({**GOOD, "image/filename": f"{folder}/{split}".encode()})]
            )

    splits = {"train": "{SPAN}/v{VERSION}/train", "eval": "{SPAN}/v{VERSION}/val"}
    for folder in ("9/v4", "10/v1", "10/v2"):
        bring(folder)
    artifact, cached = run(splits)
    assert (images(artifact, "train"), images(artifact, "eval"), cached) == (["10/v2/train"], ["10/v2/val"], False)
    assert artifact.custom_properties["span"].int_value == 10
    assert run(splits)[1]

    bring("11/v1")
    assert images(run(splits)[0], "train") == ["11/v1/train"]
    artifact, cached = run(splits, span=9)
    assert (images(artifact, "eval"), cached) == (["9/v4/val"], False)
