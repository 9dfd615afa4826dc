"""Spoilt records for `check_example`: `python -m tests.components.segmentation_example_gen.fuzz [RECORDS [SEED]]`.

Valid records are spoilt at each level: the record, its features, the chunks of a PNG, the segments of a JPEG, any
bytes. Checksums are put right most of the time, or nothing would come past them.
"""

from __future__ import annotations

import os
import resource
import sys
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from components.segmentation_example_gen.check_example import check_example
from components.segmentation_example_gen.read_records import Record
from schema.record import IMAGE, MASK
from schema.record_error import RecordError
from tests.components.segmentation_example_gen.kinds_of_records import ACCEPTED
from tests.components.segmentation_example_gen.records import LABEL_MAP, encode, example, noise
from tests.components.segmentation_example_gen.spoil_bytes import spoil_bytes
from tests.components.segmentation_example_gen.spoil_image import spoil_image

_CROSS = np.array([[0, 1, 2, 255], [1, 1, 0, 2]], np.uint8).repeat(12, 0).repeat(12, 1)
_SEEDS = [
    *(example(features) for features, *_ in ACCEPTED.values()),
    example({IMAGE: encode(noise(24, 48), "JPEG", quality=90), MASK: encode(_CROSS), "image/filename": b"a.jpg"}),
    example({IMAGE: encode(noise(24, 48, 4)), MASK: encode(_CROSS), "image/filename": b"a.png"}),
]


@dataclass
class Outcome:
    """What came of the records.

    Args:
        accepted: good all the same.
        refused: by kind of fault.
        slowest: seconds a record took.
        memory: MiB of the process at its peak, by the number of records done.
    """

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    memory: list[tuple[int, float]] = field(default_factory=list)


def fuzz(records: int, seed: int = 0) -> Outcome:
    """Checks that many records; lets any exception out that is no RecordError."""
    outcome = Outcome()
    for number in range(records):
        spoilt = spoil(np.random.default_rng([seed, number]))
        start = time.monotonic()
        try:
            checked = check_example(Record("fuzz", number, spoilt), LABEL_MAP)
            _check_contract(checked.example.features.feature)
            outcome.accepted += 1
        except RecordError as error:
            assert "\n" not in error.kind
            outcome.refused[error.kind] += 1
        except BaseException:
            print(f"record {number} of seed {seed}: {spoilt!r}", file=sys.stderr)
            raise
        outcome.slowest = max(outcome.slowest, time.monotonic() - start)
        if number % max(1, records // 10) == 0 or number == records - 1:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            outcome.memory.append((number, peak / (2**20 if sys.platform == "darwin" else 2**10)))
    return outcome


def _check_contract(features) -> None:
    """What later stages rely on."""
    size = (features["image/height"].int64_list.value[0], features["image/width"].int64_list.value[0])
    mask = tf.io.decode_png(features[MASK].bytes_list.value[0], channels=1).numpy()[..., 0]
    assert mask.shape == size
    pixels = features["class/pixels"].int64_list.value
    assert [np.count_nonzero(mask == index) for index in range(len(LABEL_MAP))] == list(pixels)
    assert sum(pixels) + np.count_nonzero(mask == 255) == mask.size


def spoil(random: np.random.Generator) -> bytes:
    """A record that was valid once."""
    serialized = _SEEDS[random.integers(len(_SEEDS))]
    level = random.integers(10)
    if level == 0:
        return spoil_bytes(random, serialized)
    record = tf.train.Example.FromString(serialized)
    if level == 1:
        return _spoil_features(random, record).SerializeToString()
    key = (IMAGE, MASK)[random.integers(2)]
    (value,) = record.features.feature[key].bytes_list.value
    record.features.feature[key].bytes_list.value[0] = (spoil_bytes if level < 4 else spoil_image)(random, value)
    return record.SerializeToString()


def _spoil_features(random: np.random.Generator, record: tf.train.Example) -> tf.train.Example:
    features = record.features.feature
    key = sorted(features)[random.integers(len(features))]
    other = sorted(features)[random.integers(len(features))]
    match random.integers(6):
        case 0:
            del features[key]
        case 1:
            features[key].Clear()
        case 2:
            features[key].int64_list.value.extend(random.integers(-(2**62), 2**62, 3).tolist())
        case 3:
            features[key].float_list.value.append(float("nan"))
        case 4:
            features[key].bytes_list.value.append(random.bytes(int(random.integers(0, 40))))
        case _:
            taken = tf.train.Feature()
            taken.CopyFrom(features[other])
            features[key].CopyFrom(taken)
    return record


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    start = time.monotonic()
    outcome = fuzz(*map(int, sys.argv[1:] or ["20000"]))
    refused = outcome.refused.total()
    print(
        f"{outcome.accepted + refused} records in {time.monotonic() - start:.0f} s, the slowest {outcome.slowest:.2f} s"
    )
    print(f"{outcome.accepted} accepted, {refused} refused:")
    for kind, count in outcome.refused.most_common():
        print(f"  {count:6} {kind}")
    print("MiB at the peak:", ", ".join(f"{memory:.0f} after {number}" for number, memory in outcome.memory))
