"""A report as large as life: many classes, a baseline, slices and a gallery, made from what the reader can count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from components.report.gallery import make_gallery
from components.report.render import render_report
from components.report.training_curve import training_curve
from schema.label_map import LabelMap
from tests.components.report.fake_model import encode, save_fake_model
from tests.components.segmentation_metrics.masks import encode_png

ATTACK = "<script>document.title = 'owned'</script>"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän"
CLASSES = {  # IoU and the baseline's
    "background": (0.9, 0.9),
    "road": (0.7, 0.8),
    ATTACK: (0.8, 0.7),
    "a traffic light with a name that goes on and on": (0.3, 0.1),
    LONG: (None, 0.4),
    "sky": (0.95, None),
    "person": (0.05, 0.5),
    "bicycle": (None, None),
}
SLICES = {  # images and mean IoU
    ("image/source", "voc"): (9, 0.5),
    ("image/source", "a/very/long/source/" + 30 * "x"): (100, 0.25),
    ("class/present", LONG): (10, 0.75),
    ("class/present", ATTACK): (1, None),
}
SHARES = (3, 18, 7, 20, 12, 0, 15, 9, 5, 16, 1, 11)  # of 20, how much of an image is right, and so its IoU
SIZES = ((40, 30), (40, 60), (40, 40), (600, 31))  # width and height, in turn


def write_real_report(folder: Path) -> Path:
    """The page's path."""
    names = tuple(CLASSES)
    label_map = LabelMap(names=names, colors=tuple((30 * i, 255 - 30 * i, 100) for i in range(len(names))))
    examples = [_example(share, *SIZES[at % len(SIZES)]) for at, share in enumerate(SHARES)]
    model_dir = save_fake_model(folder / "model", folder, label_map)
    gallery = make_gallery(model_dir, lambda: iter(examples), 9, label_map)
    config = "".join(f"key_{line}: {line}\n" for line in range(200)) + f"path: /{200 * 'x'}\n"
    page = folder / "index.html"
    lineage, curve = {"artifacts": {"Model": 200 * "x"}}, training_curve([3.0, 1.5, 1.8, 1.0], [0.1, 0.05, 0.02, 0.0])
    page.write_text(render_report(_metrics(), gallery, label_map, config, lineage, curve))
    return page


def _metrics() -> dict:
    baseline = {name: before for name, (_, before) in CLASSES.items()}
    every = dict.fromkeys(CLASSES, 0.5)
    split = {
        "images": 1000,
        "width": [40, 500, 600],
        "height": [30, 375, 500],
        "void_fraction": 0.05,
        "sources": {source: images for (feature, source), (images, _) in SLICES.items() if feature == "image/source"},
        "sizes": {"small": 400, "medium": 500, "large": 100},
        "class_images": {name: 10 * at for at, name in enumerate(CLASSES)},
    }
    rule = {"rule": "r", "value": 0.6, "bound": 0.7, "passed": False, "sentence": f"IoU of {LONG} is {'so ' * 40}low"}
    return {
        "name": "shapes " + 60 * "x",
        "split": "eval",
        "images": 12345,
        "mean_iou": 0.6166,
        "num_classes": 6,
        "pixel_accuracy": 0.9,
        "mean_accuracy": 0.8,
        "fw_iou": 0.7,
        "iou": {name: iou for name, (iou, _) in CLASSES.items()},
        **dict.fromkeys(("precision", "recall", "dice"), every),
        "confusion": [_confused(row, right) for row, right in enumerate((999, 900, 800, 700, 600, 551, 549, 400))],
        "slices": [
            {"slice": {feature: value}, "images": images, "mean_iou": mean_iou, "pixel_accuracy": 0.5}
            for (feature, value), (images, mean_iou) in SLICES.items()
        ],
        "data": _data(split),
        "baseline": {
            "state": "found",
            "version": "1700000000",
            "reason": None,
            "mean_iou": 0.57,
            "pixel_accuracy": 0.91,
            "iou": baseline,
        },
        "verdict": {"blessed": False, "pushed": False, "version": None, "path": None, "rules": [rule, rule]},
    }


def _data(split: dict) -> dict:
    records = {"good": 990, "bad": 10, "reasons": {f"{LONG}: {'no ' * 40}": 9, ATTACK: 1}, "notes": {"turned": 3}}
    pairs = [[2 * at, ["train", f"{at}/" + 60 * "x"], ["eval", ATTACK]] for at in range(3)]
    some, none = {"count": 12345, "pairs": pairs}, {"count": 0, "pairs": []}
    return {
        "splits": {"train": split, "eval": split},
        "anomalies": [f"split train, {LONG}: {'no ' * 40}"],
        "records": {"train": records, "eval": records},
        "leaks": {
            "flat": {"train": 3, "eval": 0},
            "distance": 4,
            **dict.fromkeys(("shared_names", "shared_pixels"), none),
            **dict.fromkeys(("near_duplicates", "repeated_names", "repeated_pixels"), some),
            "uncompared": 1,
        },
    }


def _confused(row: int, right: int) -> list[int]:
    """Of 1000 pixels, one is nothing and the rest of the wrong ones are the next class."""
    counts = [0] * (len(CLASSES) + 1)
    counts[row], counts[(row + 1) % len(CLASSES)], counts[-1] = right, 999 - right, 1
    return counts


def _example(share: int, width: int, height: int) -> bytes:
    """All of class 0, which the model takes what is dark for."""
    levels = np.full((height, width), 150)
    levels[:, : width * share // 20] = 0
    example = tf.train.Example()
    for key, value in {
        "image/encoded": encode(levels),
        "image/segmentation/class/encoded": encode_png(np.zeros_like(levels)),
        "image/filename": f"{share}_{50 * 'x'}.png".encode(),
    }.items():
        example.features.feature[key].bytes_list.value.append(value)
    return example.SerializeToString()
