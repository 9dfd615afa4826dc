"""Against comparing each with each."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import product

import numpy as np
import pytest

from components.leak_guard import near_duplicates as module
from components.leak_guard.finding import Finding, Pair
from components.leak_guard.near_duplicates import alike, bands, nearly_alike

SPLITS = ("train", "eval")


def crowd(seed: int) -> dict[bytes, dict]:
    """Hashes within a few bits of ten others, each of up to three images of one split or of both."""
    rng = np.random.default_rng(seed)
    images: dict[bytes, dict] = {}
    for number in range(200):
        bits = np.random.default_rng(number % 10).integers(0, 2, 64)
        bits[rng.choice(64, rng.integers(0, 6), replace=False)] ^= 1
        splits = SPLITS[: rng.integers(1, 3)] if rng.random() < 0.5 else ("eval",)
        images[np.packbits(bits).tobytes()] = {
            split: (int(rng.integers(1, 4)), [f"{split}-{number:03d}"]) for split in splits
        }
    return images


def found(images: dict[bytes, dict], distance: int) -> list[Finding]:
    """What Beam would put together."""
    groups = defaultdict(list)
    for looks in images.items():
        for band, member in bands(looks, distance):
            groups[band].append(member)
    findings = [finding for looks in images.items() for finding in alike(looks, SPLITS)]
    return findings + [finding for group in groups.items() for finding in nearly_alike(group, SPLITS, distance)]


@pytest.mark.parametrize("distance", range(8))
def test_every_pair_of_two_splits_is_found_once(distance):
    images = crowd(distance)
    expected: Counter[Pair] = Counter()
    for (one, of_one), (other, of_other) in product(images.items(), repeat=2):
        apart = (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
        if apart <= distance and "train" in of_one and "eval" in of_other:
            (count, (name,)), (times, (other_name,)) = of_one["train"], of_other["eval"]
            expected[Pair(apart, ("train", name), ("eval", other_name))] += count * times
    findings = found(images, distance)
    assert {kind for kind, _, _ in findings} == {"near_duplicates"}
    assert len(findings) == len(expected) > 20
    assert {pair: number for _, number, pair in findings} == dict(expected)


def test_a_group_that_is_too_large_is_compared_in_part_and_says_so(monkeypatch):
    """8 hashes that agree in the first of two bands; the 5 smallest are compared."""
    monkeypatch.setattr(module, "MOST", 5)
    images = {
        (2**at).to_bytes(8, "big"): {SPLITS[at % 2]: (1, [str(at)])} for at in range(8)
    }  # two bits apart, each from each
    findings = list(nearly_alike(((1, 0), list(images.items())), SPLITS, 2))
    assert Finding("uncompared", 3) in findings
    pairs = {pair[1:] for _, _, pair in findings if pair}
    assert pairs == {(("train", one), ("eval", other)) for one in "024" for other in "13"}
