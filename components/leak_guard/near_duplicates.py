"""Pictures of two splits that look nearly the same, found without comparing each with each.

Two hashes that differ in at most d of their 64 bits agree in one of d + 1 bands at least. So hashes are grouped by
each band, and compared within these groups alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise, product

import numpy as np

from components.leak_guard.finding import NEAR_DUPLICATES, UNCOMPARED, Finding, Pair
from components.leak_guard.tally import Counts

BITS = 64
MOST = 4000  # hashes of a group that are compared

Looks = tuple[bytes, Counts]  # a hash and the pictures that have it, by split
Band = tuple[int, int]  # which of them, and its bits


def alike(looks: Looks, splits: Sequence[str]) -> Iterator[Finding]:
    """Pictures of one hash: for every two splits the number of their pairs, and one of them."""
    yield from _pairs(0, [(looks[1], looks[1])], splits)


def bands(looks: Looks, distance: int) -> Iterator[tuple[Band, Looks]]:
    """The hash once for each of its `distance` + 1 bands."""
    for band in enumerate(_bands(looks[0], distance)):
        yield band, looks


def nearly_alike(group: tuple[Band, Iterable[Looks]], splits: Sequence[str], distance: int) -> Iterator[Finding]:
    """Pictures of hashes that differ, and agree in this band and in none before it: no pair is found twice.

    Of a group of more than `MOST` hashes the rest is not compared, but counted as `UNCOMPARED`: the work grows with
    the square of their number.
    """
    (band, _), members = group
    compared = heapq.nsmallest(MOST, members, key=lambda looks: looks[0])
    left = sum(1 for _ in members) - len(compared)
    if left:
        yield Finding(UNCOMPARED, left)
    hashes = np.frombuffer(b"".join(looks for looks, _ in compared), np.uint8).reshape(-1, BITS // 8)
    for at, (looks, images) in enumerate(compared[:-1]):
        distances = np.unpackbits(hashes[at + 1 :] ^ hashes[at], axis=1).sum(axis=1)
        for step in np.flatnonzero(distances <= distance):
            other, others = compared[at + 1 + step]
            agree = np.equal(_bands(looks, distance), _bands(other, distance))
            if agree.argmax() == band:
                yield from _pairs(int(distances[step]), [(images, others), (others, images)], splits)


def _pairs(distance: int, groups: list[tuple[Counts, Counts]], splits: Sequence[str]) -> Iterator[Finding]:
    """Of an image in the first of two splits and the first group, and one in the second of each."""
    for (one, other), (images, others) in product(combinations(splits, 2), groups):
        if one in images and other in others:
            (count, names), (times, other_names) = images[one], others[other]
            yield Finding(NEAR_DUPLICATES, count * times, Pair(distance, (one, names[0]), (other, other_names[0])))


def _bands(looks: bytes, distance: int) -> list[int]:
    """The bits of a hash in `distance` + 1 nearly equal parts."""
    number, edges = int.from_bytes(looks, "big"), [BITS * at // (distance + 1) for at in range(distance + 2)]
    return [(number >> low) & ((1 << (high - low)) - 1) for low, high in pairwise(edges)]
