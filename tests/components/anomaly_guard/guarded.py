"""Runs the guard over real statistics, as the pipeline does."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import tensorflow_data_validation as tfdv
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx import v1 as tfx

from components.anomaly_guard.component import AnomalyGuard
from components.anomaly_guard.driver import Driver
from components.anomaly_guard.properties import COMPARED_WITH
from schema.label_map import LabelMap
from tests.components.anomaly_guard.statistics import SCHEMA, statistics_artifact, statistics_of
from tests.components.run_executor import make_artifact, run_executor

CLASSES = LabelMap(("road", "car", "bicycle"), ((0, 0, 0), (0, 0, 255), (255, 0, 0)))
Artifacts = tfx.types.standard_artifacts


class Guarded:
    """A folder of runs whose data goes through the guard.

    Args:
        folder: scratch.
        kept: whether the guard has a folder of earlier statistics, `kept` in that one.
    """

    def __init__(self, folder: Path, *, kept: bool = True) -> None:
        self._folder = folder
        self._runs = 0
        self.kept = folder / "kept"
        self._properties = {"label_map": json.dumps(CLASSES.to_dict())} | ({"kept": str(self.kept)} if kept else {})

    def look(
        self, train: list[dict], evaluation: list[dict], schema: schema_pb2.Schema = SCHEMA, summary: dict | None = None
    ) -> None:
        """Runs ExampleValidator's part and the guard. Raises what the guard does."""
        inputs = self._inputs(train, evaluation, schema, summary)
        run_executor(AnomalyGuard, self._folder, inputs, {}, self._properties)

    def compared_with(self, train: list[dict]) -> str:
        """What the driver notes of such data."""
        inputs = {name: [artifact] for name, artifact in self._inputs(train, train, SCHEMA, None).items()}
        execution = SimpleNamespace(input_dict=inputs, exec_properties=self._properties)
        return Driver(None).run(execution).exec_properties[COMPARED_WITH].string_value

    def _inputs(
        self, train: list[dict], evaluation: list[dict], schema: schema_pb2.Schema, summary: dict | None
    ) -> dict:
        self._runs += 1
        folder = self._folder / str(self._runs)
        splits = {"train": statistics_of(train, schema), "eval": statistics_of(evaluation, schema)}
        inputs = {
            "examples": make_artifact(Artifacts.Examples, folder / "examples", tuple(splits)),
            "statistics": statistics_artifact(folder / "statistics", **splits),
            "schema": make_artifact(Artifacts.Schema, folder / "schema"),
            "anomalies": make_artifact(Artifacts.ExampleAnomalies, folder / "anomalies", tuple(splits)),
        }
        (folder / "schema" / "schema.pbtxt").write_text(text_format.MessageToString(schema))
        for name, statistics in splits.items():
            found = folder / "anomalies" / f"Split-{name}" / "SchemaDiff.pb"
            found.parent.mkdir()
            found.write_bytes(tfdv.validate_statistics(statistics, schema).SerializeToString())
        if summary:
            (folder / "examples" / "summary.json").write_text(json.dumps({"splits": summary}))
        return inputs
