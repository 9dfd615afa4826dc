"""Which results of bulk inference are meant by a path."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from schema.label_map import FILE_NAME, LabelMap
from schema.user_error import UserError

_EXECUTION = "tfx.components.bulk_inferrer.component.BulkInferrer"
_LOGS = "prediction_logs"  # what TFX calls the files


class Inference(NamedTuple):
    """The shards of PredictionLogs, in their order, and the classes of their masks."""

    files: list[Path]
    label_map: LabelMap


def find_inference(place: Path, label_map: Path | None = None) -> Inference:
    """The result of the newest BulkInferrer of a run, or the one that lies in a folder.

    Args:
        place: the folder of a run, or one with `prediction_logs-*.gz` in it, such as a cluster's store has.
        label_map: the file of the classes; by default those of the run's model, or `label_map.yaml` in the folder.

    Raises:
        UserError: there is no result, or not all of it, or no label map.
    """
    from pipeline.past_runs import STORE

    if not place.is_dir():
        raise UserError(f"{place}: no such folder; expected a run's, such as runs/shapes, or one with {_LOGS}-*.gz")
    folder, model = _of_the_run(place) if (place / STORE).is_file() else (place, None)
    files = sorted(folder.glob(f"{_LOGS}-*"))
    if not files:
        why = "the model was not blessed, and nothing predicted" if model else f"expected {_LOGS}-*.gz, of BulkInferrer"
        raise UserError(f"{folder}: no predictions here: {why}")
    _check_shards(files)
    if label_map is None and model:
        from schema.exported_label_map import exported_label_map

        return Inference(files, exported_label_map(model))
    path = label_map or folder / FILE_NAME
    if not path.is_file():
        raise UserError(f"{path}: no label map; name the file of the classes with --label-map")
    return Inference(files, LabelMap.load(path))


def _of_the_run(run_dir: Path) -> tuple[Path, str]:
    """The folder of the result, and the SavedModel that it is of."""
    from ml_metadata.proto import metadata_store_pb2
    from tfx.orchestration import metadata
    from tfx.types import standard_component_specs as keys
    from tfx.utils import path_utils

    from pipeline.execution_artifacts import execution_artifacts
    from pipeline.past_runs import STORE

    ended = (metadata_store_pb2.Execution.COMPLETE, metadata_store_pb2.Execution.CACHED)
    with metadata.Metadata(metadata.sqlite_metadata_connection_config(str(run_dir / STORE))) as handle:
        executions = [e for e in handle.store.get_executions_by_type(_EXECUTION) if e.last_known_state in ended]
        if not executions:
            raise UserError(
                f"{run_dir}: no bulk inference has ended here; set bulk_inference.enabled=true and run it again"
            )
        artifacts = execution_artifacts(handle.store, max(executions, key=lambda execution: execution.id))
    result, model = artifacts[keys.INFERENCE_RESULT_KEY], artifacts[keys.MODEL_KEY]
    return Path(result.uri), path_utils.serving_model_path(model.uri)


def _check_shards(files: list[Path]) -> None:
    """Raises UserError where one is missing: a copy that broke off looks like a small result."""
    counts = {int(match[1]) for file in files if (match := re.search(r"-of-(\d+)", file.name))}
    if counts and counts != {len(files)}:
        raise UserError(
            f"{files[0].parent}: {len(files)} files of predictions, by their names {max(counts)}; copy all of them, "
            "and none of another run"
        )
