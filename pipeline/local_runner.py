"""Runs a pipeline on this machine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from ml_metadata.proto import metadata_store_pb2
from tfx.orchestration import metadata
from tfx.orchestration.local.local_dag_runner import LocalDagRunner
from tfx.orchestration.pipeline import Pipeline

from components.anomaly_guard.kept_statistics import KEPT_STATISTICS
from components.names import BEAM
from components.report.write_report import METRICS
from pipeline.beam.beam_args import beam_args
from pipeline.beam.preflight import preflight
from pipeline.config import Config
from pipeline.create_pipeline import Places, create_pipeline
from pipeline.past_runs import STORE, past_runs
from pipeline.read_schema import read_schema
from pipeline.replace_folder import replace_folder
from pipeline.watch_components import RUNNING, watch_components
from schema.label_map import LabelMap


def run_locally(config: Config, label_map: LabelMap, say: Callable[[str, str, float], None]) -> dict:
    """Runs the whole pipeline with LocalDagRunner and SQLite metadata.

    Args:
        config: the run.
        label_map: the classes of its data.
        say: told of each component as it starts and ends; see `watch_components`.

    Returns:
        The run's outcome, as `components.report.summary.summarize` gives it.

    Raises:
        UserError: when a component stops on bad data or configuration, or Beam's workers cannot do their part.
    """
    run_dir = config.run_dir
    run_dir.mkdir(parents=True, exist_ok=True)
    places = Places(
        data=str(config.data.path.absolute()),
        root=str(run_dir / "root"),
        serving=str(run_dir / "serving"),
        checkpoints=str(run_dir / "checkpoints"),
        statistics=str(run_dir / KEPT_STATISTICS),
    )
    schema_text = read_schema(config.data.schema_path)
    pipeline = create_pipeline(config, label_map, schema_text, places, metadata_connection(run_dir))
    elsewhere = {tuple(beam_args(config.beam, name)) for name in BEAM if config.beam.of(name).runner != "direct"}
    for args in sorted(elsewhere):
        say("Beam", RUNNING, 0.0)
        preflight(args, places.root, config.beam.timeout)
    outcome = run_pipeline(pipeline, run_dir, say)
    shutil.rmtree(places.checkpoints, ignore_errors=True)  # of trainings that were given up: nobody else is in here
    return outcome


def run_pipeline(pipeline: Pipeline, run_dir: Path, say: Callable[[str, str, float], None]) -> dict:
    """Runs a pipeline that ends in a `Report`, and brings the report to `run_dir/report`; see `run_locally`."""
    connection = metadata_connection(run_dir)
    with watch_components(connection, say):
        LocalDagRunner().run(pipeline)
    report = Path(past_runs(run_dir)[-1].artifacts["report"].uri)
    replace_folder(report, run_dir / "report")
    return json.loads((report / METRICS).read_text(encoding="utf-8"))


def metadata_connection(run_dir: Path) -> metadata_store_pb2.ConnectionConfig:
    """Where the metadata of a run lies."""
    return metadata.sqlite_metadata_connection_config(str(run_dir / STORE))
