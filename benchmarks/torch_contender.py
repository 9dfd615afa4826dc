# /// script
# requires-python = "==3.11.*"
# dependencies = ["torch==2.13.0", "torchmetrics==1.9.0", "numpy>=2,<3"]
# ///
"""torchmetrics, in an environment of its own; `TorchProcess` starts it and talks to it.

Says first what it is. Then each line of its input names a file of masks, and whether arguments are validated, as JSON;
each is answered by a line: the seconds that counting took, the confusion matrix and the mean IoU, or the error.
"""

import functools
import json
import sys
import time

import numpy as np
import torch
import torchmetrics
from torchmetrics.classification import MulticlassConfusionMatrix, MulticlassJaccardIndex

CLASSES, VOID = 21, 255
THREADS = torch.get_num_threads()


@functools.cache
def masks(file: str) -> list[torch.Tensor]:
    """`[2, H, W]` truth and prediction of each image; uint8 as they come, with which it is faster than with int64."""
    with np.load(file) as arrays:
        return [torch.from_numpy(pair) for pair in arrays.values()]


def count(pairs: list[torch.Tensor], validate: bool, threads: int) -> tuple[torch.Tensor, float]:
    """The confusion matrix, and the seconds it took."""
    torch.set_num_threads(threads)
    matrix = MulticlassConfusionMatrix(CLASSES, ignore_index=VOID, validate_args=validate)
    start = time.perf_counter()
    for truth, prediction in pairs:
        matrix.update(prediction, truth)
    return matrix.compute(), time.perf_counter() - start


def answer(file: str, validate: bool) -> dict:
    """What is said of one file of masks. The time is the better of those with one thread and with all."""
    pairs = masks(file)
    try:
        matrix, seconds = min((count(pairs, validate, threads) for threads in (1, THREADS)), key=lambda it: it[1])
    except RuntimeError as error:
        return {"error": f"{type(error).__name__}: {error}"}
    score = MulticlassJaccardIndex(CLASSES, ignore_index=VOID, validate_args=False)
    score.confmat = matrix
    return {"seconds": seconds, "matrix": matrix.tolist(), "mean_iou": score.compute().item()}


if __name__ == "__main__":
    versions = f"torchmetrics {torchmetrics.__version__}, torch {torch.__version__}, 1 or {THREADS} threads"
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(*json.loads(line))), flush=True)
