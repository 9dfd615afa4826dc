"""Times the confusion matrix of one image against others that count the same, side by side.

    python -m benchmarks.metric [--images 20] [--repeats 9]

The masks are PASCAL VOC's where the real data is (SEGPIPE_REAL_DATA, else where the tests look), else drawn ones of its
size. Predictions are the masks moved by a few pixels, and the same with every tenth pixel replaced at random, which
no trained model does. Each repeat runs every contender over all images in turn; the table has medians over repeats.
"""

import argparse
import importlib.util
import io
import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow_model_analysis as tfma
from PIL import Image

from components.segmentation_metrics.boundary_iou import BoundaryIoU
from components.segmentation_metrics.confusion_matrix import confusion_matrix
from components.segmentation_metrics.mean_iou import MeanIoU
from tests.conftest import REAL_DATA

CLASSES, VOID = 21, 255
SIZE = (375, 500)

Pair = tuple[np.ndarray, np.ndarray]


def masks(count: int) -> tuple[str, list[np.ndarray]]:
    """What the masks are, and at most `count` of them, `[H, W]` uint8."""
    files = sorted((REAL_DATA / "voc" / "VOCdevkit" / "VOC2012" / "SegmentationClass").glob("*.png"))[:count]
    if files:
        return f"{len(files)} masks of PASCAL VOC 2012", [np.asarray(Image.open(file)) for file in files]
    return f"{count} drawn masks", [_drawn(np.random.default_rng(i)) for i in range(count)]


def _drawn(random: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    ids = np.zeros(SIZE, np.uint8)
    for class_id in random.integers(1, CLASSES, 3):
        centre, radius = random.uniform(0.2, 0.8, 2) * SIZE, random.uniform(40, 120)
        distance = np.hypot(y - centre[0], x - centre[1])
        ids[distance < radius + 5] = VOID
        ids[distance < radius] = class_id
    return ids


def moved(truth: np.ndarray) -> np.ndarray:
    prediction = np.roll(truth, (3, 7), axis=(0, 1))
    return np.where(prediction == VOID, 0, prediction).astype(np.uint8)


def noisy(truth: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(0)
    noise = random.integers(0, CLASSES, truth.shape, np.uint8)
    return np.where(random.random(truth.shape) < 0.1, noise, moved(truth)).astype(np.uint8)


def contenders(pairs: list[Pair]) -> dict[str, Callable[[], Any]]:
    """What to time, by name: functions that count all pairs. The first is ours, on arrays; "from PNG" decodes too."""
    indices = [(CLASSES * t[t != VOID].astype(np.intp) + p[t != VOID]) for t, p in pairs]
    encoded = [(_png(t), _png(p)) for t, p in pairs]
    counting = MeanIoU(CLASSES).computations()[0]
    others = tfma.metrics.SemanticSegmentationTruePositive(
        class_ids=list(range(CLASSES)),
        ground_truth_key="mask",
        prediction_key="mask",
        decode_prediction=True,
        ignore_ground_truth_id=VOID,
    ).computations()[0]
    arrays = [tfma.metrics.StandardMetricInputs({tfma.LABELS_KEY: t, tfma.PREDICTIONS_KEY: p}) for t, p in pairs]
    keras_metric = keras.metrics.MeanIoU(CLASSES, ignore_class=VOID)

    def bare(truth: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        valid = truth != VOID
        index = CLASSES * truth[valid].astype(np.intp) + prediction[valid]
        return np.bincount(index, minlength=CLASSES * CLASSES)

    def with_tfma(computation: Any, keyed: bool) -> None:
        accumulator = computation.combiner.create_accumulator()
        for truth, prediction in encoded:
            extracts = {
                tfma.LABELS_KEY: {"mask": truth} if keyed else truth,
                tfma.PREDICTIONS_KEY: {"mask": prediction} if keyed else prediction,
            }
            for element in computation.preprocessors[0].process(extracts):
                accumulator = computation.combiner.add_input(accumulator, element)

    def tfma_arrays() -> None:
        accumulator = others.combiner.create_accumulator()
        for element in arrays:
            accumulator = others.combiner.add_input(accumulator, element)

    timed = {
        "`confusion_matrix` (ours)": lambda: [confusion_matrix(t, p, CLASSES, VOID) for t, p in pairs],
        "`np.bincount` of a ready index": lambda: [np.bincount(i, minlength=CLASSES * CLASSES) for i in indices],
        "`np.bincount(C * truth[valid] + prediction[valid])`": lambda: [bare(t, p) for t, p in pairs],
        "TFMA `SemanticSegmentationConfusionMatrix`": tfma_arrays,
        "Keras `MeanIoU`": lambda: [keras_metric.update_state(t, p) for t, p in pairs],
        "`MeanIoU` (ours), from PNG": lambda: with_tfma(counting, keyed=False),
        "`BoundaryIoU` (ours), from PNG": lambda: with_tfma(BoundaryIoU(CLASSES).computations()[0], keyed=False),
        "TFMA `SemanticSegmentationConfusionMatrix`, from PNG": lambda: with_tfma(others, keyed=True),
    }
    if importlib.util.find_spec("torchmetrics"):
        import torch
        from torchmetrics.classification import MulticlassConfusionMatrix

        torch_metric = MulticlassConfusionMatrix(CLASSES, ignore_index=VOID)
        tensors = [tuple(torch.from_numpy(ids.astype(np.int64)) for ids in pair) for pair in pairs]
        timed["torchmetrics `MulticlassConfusionMatrix`"] = lambda: [torch_metric.update(p, t) for t, p in tensors]
    return timed


def _png(ids: np.ndarray) -> np.ndarray:
    encoded = io.BytesIO()
    Image.fromarray(ids).save(encoded, "PNG")
    return np.array(encoded.getvalue(), object)


def milliseconds(timed: dict[str, Callable[[], Any]], images: int, repeats: int) -> dict[str, float]:
    """The median time per image of each, after one round that does not count."""
    rounds: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(repeats + 1):
        for name, run in timed.items():
            start = time.perf_counter()
            run()
            rounds[name].append((time.perf_counter() - start) / images * 1e3)
    return {name: statistics.median(times[1:]) for name, times in rounds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()

    what, truths = masks(options.images)
    columns = []
    for predict in (moved, noisy):
        pairs = [(truth, predict(truth)) for truth in truths]
        columns.append(milliseconds(contenders(pairs), len(pairs), options.repeats))

    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, TFMA {tfma.__version__}"
    print(f"{what}, C = {CLASSES}; medians of {options.repeats} repeats; {versions}, {os.cpu_count()} cores\n")
    print("| per image | moved masks, ms | ours is faster by | 10 % noise, ms | ours is faster by |")
    print("|---|--:|--:|--:|--:|")
    for name in columns[0]:
        ours = "`MeanIoU` (ours), from PNG" if name.endswith("PNG") else "`confusion_matrix` (ours)"
        cells = [f"{times[name]:.3f} | {times[name] / times[ours]:.2f}×" for times in columns]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
