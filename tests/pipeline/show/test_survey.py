"""What is counted, against masks that the reader can count."""

import numpy as np
import pytest

from components.segmentation_example_gen.read_records import BadRecord, Record
from pipeline.show.survey import survey
from tests.components.segmentation_example_gen.records import (
    GOOD,
    LABEL_MAP,
    MASK,
    encode,
    encode_palette,
    example,
    noise,
)

WIDE = np.array([[1, 1, 255, 1, 0, 0]], np.uint8)


def records(*features: dict) -> list[Record]:
    return [Record("/data/a.tfrecord", position, example(each)) for position, each in enumerate(features)]


def record_of(mask: np.ndarray, name: str = "b.png", **changes) -> dict:
    return {
        "image/filename": name.encode(),
        "image/encoded": encode(noise(*mask.shape)),
        "image/segmentation/class/encoded": encode(mask),
        **changes,
    }


def test_counts():
    found = survey(records(GOOD, record_of(WIDE)), LABEL_MAP, limit=10, examples=0)
    assert found.class_pixels.tolist() == [3 + 2, 3, 4]  # MASK has 3 sky, 4 car, 1 void; WIDE 2 sky, 3 road, 1 void
    assert found.class_images.tolist() == [2, 1, 1]
    assert found.void_pixels == 2
    assert (found.heights, found.widths) == ([2, 1], [4, 6])
    assert (found.summary.good, found.summary.bad, found.complete, found.samples) == (2, 0, True, [])


def test_bad_records_are_named_and_not_counted():
    broken = BadRecord("/data/b.tfrecord", 7, "truncated")
    wrong = record_of(MASK + 5, "c.png")
    found = survey([*records(GOOD, wrong), broken], LABEL_MAP, limit=10, examples=5)
    assert (found.summary.good, found.summary.bad) == (1, 2)
    assert found.class_pixels.tolist() == [3, 0, 4]
    (file, position, reason), last = found.summary.examples
    assert (file, position) == ("/data/a.tfrecord", 1) and "mask ids outside the label map" in reason
    assert list(last) == ["/data/b.tfrecord", 7, "truncated"]
    assert len(found.samples) == 1


def test_palette_masks_are_read_as_ids():
    palette = encode_palette(WIDE, [(0, 0, 0)] * 256)
    found = survey(
        records(record_of(WIDE, **{"image/segmentation/class/encoded": palette})), LABEL_MAP, limit=1, examples=1
    )
    assert found.class_pixels.tolist() == [2, 3, 0]
    assert sum(found.summary.notes.values()) == 1


@pytest.mark.parametrize(("limit", "complete"), [(2, False), (3, True), (4, True)])
def test_a_limit_is_kept_and_told(limit, complete):
    found = survey(records(GOOD, GOOD, GOOD), LABEL_MAP, limit=limit, examples=9)
    assert found.summary.good == len(found.samples) == min(limit, 3)
    assert found.complete == complete


def test_images_of_another_split_are_passed_over():
    wrong = record_of(MASK + 5, "wrong.png")
    all_ = records(GOOD, record_of(WIDE, "b.png"), wrong)
    found = survey(all_, LABEL_MAP, limit=9, examples=9, belongs=lambda name: name == "b.png")
    assert (found.summary.good, found.summary.bad, found.class_pixels.tolist()) == (1, 0, [2, 3, 0])


def test_nothing_at_all():
    found = survey([], LABEL_MAP, limit=5, examples=5)
    assert (found.summary.good, found.class_pixels.tolist(), found.samples) == (0, [0, 0, 0], [])
