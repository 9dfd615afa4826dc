"""Runs a component's real executor on artifacts made by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import tensorflow as tf
from tfx.components.util import examples_utils
from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
from tfx.dsl.components.base.base_executor import BaseExecutor
from tfx.proto import example_gen_pb2
from tfx.types.artifact_utils import encode_split_names
from tfx.types.standard_artifacts import Examples
from tfx.version import __version__

from pipeline.beam.beam_args import beam_args
from pipeline.beam.settings import BeamSettings

BEAM_ARGS = beam_args(BeamSettings(), "Evaluator")


def make_artifact(kind, uri: Path, splits: tuple[str, ...] = ()):
    """An artifact of the class `kind` at `uri`, as the orchestrator would hand it out."""
    uri.mkdir(parents=True, exist_ok=True)
    artifact = kind()
    artifact.uri = str(uri)
    artifact.set_string_custom_property("tfx_version", __version__)
    if splits:
        artifact.split_names = encode_split_names(list(splits))
    return artifact


def make_examples(uri: Path, splits: Mapping[str, Sequence[bytes]]) -> Examples:
    """Serialized tf.Examples, as ExampleGen would give them on."""
    examples = make_artifact(Examples, uri, tuple(splits))
    examples_utils.set_payload_format(examples, example_gen_pb2.FORMAT_TF_EXAMPLE)
    examples_utils.set_file_format(examples, "tfrecords_gzip")
    for split, records in splits.items():
        (uri / f"Split-{split}").mkdir()
        with tf.io.TFRecordWriter(str(uri / f"Split-{split}" / "data_tfrecord-00000-of-00001.gz"), "GZIP") as writer:
            for record in records:
                writer.write(record)
    return examples


def run_executor(component, scratch: Path, inputs: dict, outputs: dict, properties: dict | None = None) -> None:
    """Calls the executor of a component class; artifacts come one by one, not in lists."""
    executor = component.EXECUTOR_SPEC.executor_class
    if issubclass(executor, BaseBeamExecutor):
        context = BaseBeamExecutor.Context(beam_pipeline_args=BEAM_ARGS, tmp_dir=str(scratch), unique_id="1")
    else:
        context = BaseExecutor.Context(tmp_dir=str(scratch), unique_id="1")
    executor(context).Do(
        {key: [artifact] for key, artifact in inputs.items()},
        {key: [artifact] for key, artifact in outputs.items()},
        properties or {},
    )
