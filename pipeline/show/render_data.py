"""A dataset as one HTML page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import tensorflow as tf

from components.pictures import overlay_thumbnail, thumbnail
from components.report.histogram import histogram
from components.report.page import render_page
from pipeline.show.picture_side import picture_side
from pipeline.show.survey import Survey
from schema.label_map import LabelMap
from schema.record import FILENAME, IMAGE, MASK

_BINS = 20  # of `histogram`
_BIN_PIXELS = 5  # a bin is a multiple of so many


def render_data(name: str, surveys: Mapping[str, Survey], label_map: LabelMap) -> str:
    """A self-contained page: counts, what cannot be used, class frequencies, image sizes and samples of each split.

    Args:
        name: of the dataset.
        surveys: by split.
        label_map: the classes.

    Returns:
        HTML that requests nothing from anywhere and runs no script but its own. All texts are escaped.
    """
    side = picture_side(2 * sum(len(of.samples) for of in surveys.values()))
    return render_page(
        "pipeline.show",
        "data.html.j2",
        files("components.report").joinpath("sort.js").read_text("utf-8"),
        name=name,
        surveys=surveys,
        colors=["#{:02x}{:02x}{:02x}".format(*color) for color in label_map.colors],
        classes=_classes(surveys, label_map),
        void={split: _share(of.void_pixels, of.void_pixels + of.class_pixels.sum()) for split, of in surveys.items()},
        sizes={split: _sizes(of) for split, of in surveys.items() if of.summary.good},
        samples={split: [_sample(example, label_map, side) for example in of.samples] for split, of in surveys.items()},
        file_name=lambda path: Path(path).name,
    )


def _classes(surveys: Mapping[str, Survey], label_map: LabelMap) -> list[dict[str, Any]]:
    """A row a class: shares of pixels and images by split, 0..1, and how long their bars are, 0..1."""
    pixels = {split: [_share(n, of.class_pixels.sum()) for n in of.class_pixels] for split, of in surveys.items()}
    images = {split: [_share(n, of.summary.good) for n in of.class_images] for split, of in surveys.items()}
    longest = max((share for shares in pixels.values() for share in shares), default=0.0) or 1.0
    return [
        {
            "name": name,
            "cells": [
                cell
                for split in surveys
                for cell in (
                    {"share": pixels[split][at], "bar": pixels[split][at] / longest},
                    {"share": images[split][at], "bar": images[split][at]},
                )
            ],
        }
        for at, name in enumerate(label_map.names)
    ]


def _sizes(of: Survey) -> list[dict[str, Any]]:
    """Width and height: how they spread, on one scale that begins at 0."""
    largest = max(*of.widths, *of.heights)
    top = _BINS * _BIN_PIXELS * math.ceil(largest / (_BINS * _BIN_PIXELS))
    return [
        {
            "name": name,
            "least": min(sides),
            "median": sorted(sides)[len(sides) // 2],
            "largest": max(sides),
            "spread": histogram([side / top for side in sides]),
            "ticks": [top * quarter // 4 for quarter in range(5)],
        }
        for name, sides in (("Width", of.widths), ("Height", of.heights))
    ]


def _sample(example: tf.train.Example, label_map: LabelMap, side: int) -> dict[str, Any]:
    filename, encoded, mask_png = (example.features.feature[key].bytes_list.value[0] for key in (FILENAME, IMAGE, MASK))
    # As TensorFlow reads them for the model: pixels as they are stored.
    image = tf.io.decode_image(encoded, channels=3, expand_animations=False).numpy()
    mask = tf.io.decode_png(mask_png, channels=1).numpy()[..., 0]
    return {
        "filename": filename.decode("utf-8", "backslashreplace"),
        "size": f"{image.shape[1]}×{image.shape[0]}",
        "image": thumbnail(image, side),
        "overlay": overlay_thumbnail(image, mask, label_map, side),
    }


def _share(part: int, whole: int) -> float:
    return float(part / whole) if whole else 0.0
