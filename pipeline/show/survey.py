"""What is in the records of a split."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from components.segmentation_example_gen.check_record import check_record
from components.segmentation_example_gen.read_records import BadRecord, Record
from components.segmentation_example_gen.split_summary import SplitSummary
from pipeline.show.reservoir import Reservoir
from schema import record as keys
from schema.label_map import LabelMap


@dataclass
class Survey:
    """Of one split.

    Args:
        class_pixels: `[C] int64`, pixels of each class.
        class_images: `[C] int64`, images that have a pixel of it.
        void_pixels: pixels that are not counted.
        heights: of the images, in pixels.
        widths: the same.
        summary: counts of good and bad records, as a run of the pipeline makes them.
        samples: some of the good records, as SegmentationExampleGen gives them on.
        complete: whether these are all records of the split.
    """

    class_pixels: npt.NDArray[np.int64]
    class_images: npt.NDArray[np.int64]
    void_pixels: int = 0
    heights: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    summary: SplitSummary = field(default_factory=SplitSummary)
    samples: list[tf.train.Example] = field(default_factory=list)
    complete: bool = True


def survey(
    records: Iterable[Record | BadRecord],
    label_map: LabelMap,
    *,
    limit: int,
    examples: int,
    belongs: Callable[[str], bool] = lambda name: True,
) -> Survey:
    """Checks records as SegmentationExampleGen does, and counts what is in them.

    Args:
        records: of the split, or of more.
        label_map: the classes.
        limit: records looked at, at most.
        examples: samples kept, at most; the same ones every time.
        belongs: whether an image is of the split, by its name.
    """
    found = Survey(np.zeros(len(label_map), np.int64), np.zeros(len(label_map), np.int64))
    kept: Reservoir[tf.train.Example] = Reservoir(examples)
    for count, record in enumerate(records):
        if count == limit:
            found.complete = False
            break
        checked = check_record(record, label_map)
        if not belongs(checked.name):
            continue
        if isinstance(checked, BadRecord):
            found.summary.set_aside(checked)
        else:
            found.summary.add(checked)
            _count(found, checked.example)
            kept.add(checked.example)
    found.samples = kept.items
    return found


def _count(found: Survey, example: tf.train.Example) -> None:
    height, width, pixels = (
        np.array(example.features.feature[key].int64_list.value) for key in (keys.HEIGHT, keys.WIDTH, keys.CLASS_PIXELS)
    )
    found.class_pixels += pixels
    found.class_images += pixels > 0
    found.void_pixels += int(height[0] * width[0] - pixels.sum())
    found.heights.append(int(height[0]))
    found.widths.append(int(width[0]))
