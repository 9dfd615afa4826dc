"""Times the confusion matrix of one image against others that count the same, side by side.

    python -m benchmarks.metric [--images 20] [--repeats 9]

The masks are PASCAL VOC's where the real data is (SEGPIPE_REAL_DATA, else where the tests look), else drawn ones of its
size. Predictions are the masks moved by a few pixels, and the same with every tenth pixel replaced at random, which
no trained model does. Each repeat runs every contender over all images in turn; the table has medians over repeats.
torchmetrics runs in an environment of its own, which uv makes, and times itself.

A second table says who finds the same mean IoU: in these masks, and where the prediction has void as well.
"""

import argparse
import functools
import io
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow_model_analysis as tfma
from PIL import Image

from benchmarks.agreement import Pair, agreement
from benchmarks.drawn_mask import drawn_mask
from benchmarks.torch_process import TorchProcess
from components.segmentation_metrics.boundary_iou import BoundaryIoU
from components.segmentation_metrics.confusion_matrix import confusion_matrix
from components.segmentation_metrics.mean_iou import MeanIoU
from tests.conftest import REAL_DATA

CLASSES, VOID = 21, 255

Contenders = dict[str, Callable[[], float]]


def masks(count: int) -> tuple[str, list[np.ndarray]]:
    """What the masks are, and at most `count` of them, `[H, W]` uint8."""
    files = sorted((REAL_DATA / "voc" / "VOCdevkit" / "VOC2012" / "SegmentationClass").glob("*.png"))[:count]
    if files:
        return f"{len(files)} masks of PASCAL VOC 2012", [np.asarray(Image.open(file)) for file in files]
    return f"{count} drawn masks", [drawn_mask(np.random.default_rng(i), CLASSES) for i in range(count)]


def moved_with_void(truth: np.ndarray) -> np.ndarray:
    return np.roll(truth, (3, 7), axis=(0, 1))


def moved(truth: np.ndarray) -> np.ndarray:
    prediction = moved_with_void(truth)
    return np.where(prediction == VOID, 0, prediction).astype(np.uint8)


def noisy(truth: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(0)
    noise = random.integers(0, CLASSES, truth.shape, np.uint8)
    return np.where(random.random(truth.shape) < 0.1, noise, moved(truth)).astype(np.uint8)


def contenders(pairs: list[Pair], file: Path, torch: TorchProcess) -> Contenders:
    """Functions that count all pairs and return the seconds it took, by name; those "from PNG" decode them, too."""
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
    }
    timed_from_png = {
        "`MeanIoU` (ours), from PNG": lambda: with_tfma(counting, keyed=False),
        "`BoundaryIoU` (ours), from PNG": lambda: with_tfma(BoundaryIoU(CLASSES).computations()[0], keyed=False),
        "TFMA `SemanticSegmentationConfusionMatrix`, from PNG": lambda: with_tfma(others, keyed=True),
    }
    torchmetrics: Contenders = {}
    if torch.versions:
        name = "torchmetrics `MulticlassConfusionMatrix`"
        torchmetrics[name] = lambda: torch.count(file)["seconds"]
        torchmetrics[f"{name}, `validate_args=False`"] = lambda: torch.count(file, validate=False)["seconds"]
    return {**_clocked(timed), **torchmetrics, **_clocked(timed_from_png)}


def _clocked(runs: dict[str, Callable[[], Any]]) -> Contenders:
    def clock(run: Callable[[], Any]) -> float:
        start = time.perf_counter()
        run()
        return time.perf_counter() - start

    return {name: functools.partial(clock, run) for name, run in runs.items()}


def _png(ids: np.ndarray) -> np.ndarray:
    encoded = io.BytesIO()
    Image.fromarray(ids).save(encoded, "PNG")
    return np.array(encoded.getvalue(), object)


def milliseconds(timed: Contenders, images: int, repeats: int) -> dict[str, float]:
    """The median time per image of each, after one round that does not count."""
    rounds: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(repeats + 1):
        for name, seconds in timed.items():
            rounds[name].append(seconds() / images * 1e3)
    return {name: statistics.median(times[1:]) for name, times in rounds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()

    what, truths = masks(options.images)
    torch = TorchProcess()
    columns, rows = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, predict in {"moved": moved, "10 % noise": noisy, "moved, with void": moved_with_void}.items():
            pairs = [(truth, predict(truth)) for truth in truths]
            file = Path(folder) / f"{predict.__name__}.npz"
            np.savez(file, *map(np.stack, pairs))
            rows += [f"| {name} | {row} |" for row in agreement(pairs, file, CLASSES, VOID, torch)]
            if predict is not moved_with_void:
                columns.append(milliseconds(contenders(pairs, file, torch), len(pairs), options.repeats))
        torch.close()

    versions = f"Python {platform.python_version()}, NumPy {np.__version__}, TFMA {tfma.__version__}"
    print(f"{what}, C = {CLASSES}; medians of {options.repeats} repeats; {versions}, {os.cpu_count()} cores")
    print(f"{torch.versions or f'torchmetrics was not measured: {torch.fault}'}\n")
    print("| per image | moved masks, ms | ours is faster by | 10 % noise, ms | ours is faster by |")
    print("|---|--:|--:|--:|--:|")
    for name in columns[0]:
        ours = "`MeanIoU` (ours), from PNG" if name.endswith("PNG") else "`confusion_matrix` (ours)"
        cells = [f"{times[name]:.3f} | {times[name] / times[ours]:.2f}×" for times in columns]
        print(f"| {name} | {' | '.join(cells)} |")
    print("\n| masks | counted by | mean IoU | minus ours | pixels counted elsewhere |")
    print("|---|---|--:|--:|--:|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
