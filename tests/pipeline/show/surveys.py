"""What was found in splits that nobody has to read, for the page about them."""

from __future__ import annotations

import numpy as np

from components.segmentation_example_gen.read_records import BadRecord, Record
from pipeline.show.survey import Survey, survey
from schema.label_map import LabelMap
from tests.components.segmentation_example_gen.records import encode, example, noise

ATTACK = "<script>document.title = 'owned'</script>"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän"
NAMES = ("background", "a traffic light with a name that goes on and on", LONG, ATTACK)
LABEL_MAP = LabelMap(names=NAMES, colors=((0, 0, 0), (220, 40, 40), (40, 160, 220), (250, 230, 60)))


def two_surveys() -> dict[str, Survey]:
    """train has 12 images, 30 to 200 pixels wide, and 30 bad records; val has 3 images, and more that were not read."""
    train = [_record(at, 40 + at, 30 + 170 * at // 11) for at in range(12)]
    bad = [BadRecord(f"/data/{'x' * 80}.tfrecord", at, f"{ATTACK}: cannot be read", "no PNG") for at in range(30)]
    val = [_record(at, 40, 40) for at in range(4)]
    return {
        "train": survey([*train, *bad], LABEL_MAP, limit=100, examples=5),
        "val": survey(val, LABEL_MAP, limit=3, examples=2),
    }


def _record(at: int, height: int, width: int) -> Record:
    """The left half is class 0, a strip of it void; the right half is class 1, in every third image class 3."""
    mask = np.zeros((height, width), np.uint8)
    mask[:, :2] = 255
    mask[:, width // 2 :] = 1 if at % 3 else 3
    features = {
        "image/filename": f"{at}_{'y' * 60}{ATTACK}.png".encode(),
        "image/encoded": encode(noise(height, width)),
        "image/segmentation/class/encoded": encode(mask),
    }
    return Record("/data/a.tfrecord", at, example(features))
