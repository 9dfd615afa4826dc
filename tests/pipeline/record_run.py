"""Past runs in a metadata store, without running anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml_metadata.proto import metadata_store_pb2 as mlmd
from tfx.orchestration import metadata

from pipeline.past_runs import STORE

CLASSES = ("sky", "land", "water")
SETTINGS = {
    "name": "small",
    "split": "eval",
    "label_map": {"classes": [{"name": name, "color": [0, 0, index]} for index, name in enumerate(CLASSES)]},
}


def record_run(
    run_dir: Path,
    metrics: Mapping[str, Any] | None = None,
    *,
    evaluation: Path | None = None,
    settings: Mapping[str, Any] = SETTINGS,
    cached: bool = False,
) -> None:
    """Records a run that came to its report.

    Args:
        run_dir: of the pipeline; made where it is missing.
        metrics: `metrics.json` of its report; no report is left behind where there are none.
        evaluation: the Evaluator's artifact.
        settings: of the report.
        cached: whether nothing was new.
    """
    run_dir.mkdir(exist_ok=True)
    with metadata.Metadata(metadata.sqlite_metadata_connection_config(str(run_dir / STORE))) as handle:
        store = handle.store
        type_id = store.put_execution_type(mlmd.ExecutionType(name="components.report.component.Report"))
        state = mlmd.Execution.CACHED if cached else mlmd.Execution.COMPLETE
        execution = mlmd.Execution(type_id=type_id, last_known_state=state)
        execution.custom_properties["settings"].string_value = json.dumps(settings)
        report = run_dir / f"report-{len(store.get_executions())}"
        if metrics is not None:
            report.mkdir()
            (report / "metrics.json").write_text(json.dumps(metrics))
        pairs = []
        for key, type_name, uri, kind in (
            ("evaluation", "ModelEvaluation", evaluation or run_dir / "gone", mlmd.Event.INPUT),
            ("report", "SegmentationReport", report, mlmd.Event.OUTPUT),
        ):
            event = mlmd.Event(type=kind)
            event.path.steps.add().key = key
            artifact_type = store.put_artifact_type(mlmd.ArtifactType(name=type_name))
            pairs.append((mlmd.Artifact(type_id=artifact_type, uri=str(uri)), event))
        store.put_execution(execution, pairs, [])
