"""Runs TFX's BulkInferrer as the pipeline wires it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tfx import v1 as tfx
from tfx.components import BulkInferrer

from pipeline.bulk_inferrer import bulk_inferrer
from tests.components.run_executor import make_artifact, make_examples, run_executor
from tests.kubeflow.cluster_config import LEAST, cluster_config

artifacts = tfx.types.standard_artifacts


def infer(folder: Path, model: Path, splits: dict[str, Sequence[bytes]], *overrides: str, blessed: bool = True) -> Path:
    """The folder of its InferenceResult.

    Args:
        folder: for all artifacts; `folder/model` will be the Model's.
        model: the SavedModel.
        splits: serialized tf.Examples.
        overrides: of the configuration.
        blessed: what the Gate said.
    """
    examples = make_examples(folder / "examples", splits)
    candidate = make_artifact(artifacts.Model, folder / "model")
    (folder / "model" / "Format-Serving").symlink_to(model, target_is_directory=True)
    blessing = make_artifact(artifacts.ModelBlessing, folder / "blessing")
    blessing.set_int_custom_property("blessed", int(blessed))
    inputs = {"examples": examples, "model": candidate, "model_blessing": blessing}
    channels = {
        key.removeprefix("model_"): tfx.dsl.Channel(type=type(artifact)).set_artifacts([artifact])
        for key, artifact in inputs.items()
    }
    wired = bulk_inferrer(cluster_config(folder, LEAST, *overrides), **channels)
    result = make_artifact(artifacts.InferenceResult, folder / "result")
    run_executor(BulkInferrer, folder, inputs, {"inference_result": result}, wired.exec_properties)
    return folder / "result"
