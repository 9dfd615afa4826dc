"""Whether others find the same in the same masks."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from benchmarks.torch_process import TorchProcess
from components.segmentation_metrics.confusion_matrix import confusion_matrix
from schema import scores

Pair = tuple[np.ndarray, np.ndarray]  # truth and prediction, `[H, W] uint8`
_Counted = tuple[np.ndarray, float] | str  # confusion matrix and mean IoU, or the error


def agreement(pairs: list[Pair], file: Path, classes: int, void: int, torch: TorchProcess) -> list[str]:
    """Rows of a table, one for ours and each other: the mean IoU, its difference to ours, and that of the counts.

    Args:
        pairs: the masks.
        file: the same, as `TorchProcess.count` reads them.
        classes: how many.
        void: the id that is left out.
        torch: where torchmetrics runs.
    """
    ours = sum(confusion_matrix(*pair, classes, void) for pair in pairs)
    others = {"Keras": _keras(pairs, classes, void)}
    if torch.versions:
        others["torchmetrics"] = _torch(file, torch)
    rows = [f"ours | {scores.mean_iou(ours):.9f} | |"]
    for name, counted in others.items():
        if isinstance(counted, str):
            rows.append(f"{name} | {counted} | |")
            continue
        matrix, mean = counted
        pixels = int(np.abs(ours[:, :classes] - matrix).sum())
        rows.append(f"{name} | {mean:.9f} | {mean - scores.mean_iou(ours):+.1e} | {pixels or 'none'}")
    return rows


def _keras(pairs: list[Pair], classes: int, void: int) -> _Counted:
    metric = keras.metrics.MeanIoU(classes, ignore_class=void, dtype="float64")  # float32 loses pixels beyond 2**24
    try:
        for truth, prediction in pairs:
            metric.update_state(truth, prediction)
    except tf.errors.InvalidArgumentError as error:
        return f"{type(error).__name__}"
    return np.asarray(metric.total_cm).astype(np.int64), float(metric.result())


def _torch(file: Path, torch: TorchProcess) -> _Counted:
    answer = torch.count(file)
    return answer["error"].split(":")[0] if "error" in answer else (np.array(answer["matrix"]), answer["mean_iou"])
