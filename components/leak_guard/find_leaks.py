"""Beam's part: all findings among the fingerprints of images, as one small dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apache_beam as beam

from components.leak_guard.finding import (
    FLAT,
    IMAGES,
    PAIRS,
    REPEATED_NAMES,
    REPEATED_PIXELS,
    SHARED_NAMES,
    SHARED_PIXELS,
    UNCOMPARED,
    Finding,
)
from components.leak_guard.fingerprints import Fingerprint
from components.leak_guard.name_key import name_key
from components.leak_guard.near_duplicates import alike, bands, nearly_alike
from components.leak_guard.repeats import repeats
from components.leak_guard.tally import Counts, Tally

SHOWN = 20  # pairs of a kind that are named


@beam.ptransform_fn
def find_leaks(images: beam.PCollection, splits: Sequence[str], distance: int | None) -> beam.PCollection:
    """Fingerprints -> what `LeakFindings` says. What is grouped is small: splits, names and hashes.

    Args:
        images: `Fingerprint`s.
        splits: in the order in which pairs name them.
        distance: of near-duplicates at most, in bits; None does not look for them.
    """
    pictures = images | "Pictures" >> beam.FlatMap(_by_picture) | "SamePixels" >> beam.CombinePerKey(Tally(2))
    found = [
        images | "Count" >> beam.FlatMap(_counts),
        images
        | "Names" >> beam.FlatMap(_by_name)
        | "SameName" >> beam.CombinePerKey(Tally(2))
        | "PairNames" >> beam.FlatMap(lambda same: repeats(same[1], splits, SHARED_NAMES, REPEATED_NAMES)),
        pictures | "PairPixels" >> beam.FlatMap(lambda same: repeats(same[1], splits, SHARED_PIXELS, REPEATED_PIXELS)),
    ]
    if distance is not None:
        looks = pictures | "Looks" >> beam.Map(_by_looks, splits) | "SameLooks" >> beam.CombinePerKey(Tally(1))
        found += [
            looks | "PairAlike" >> beam.FlatMap(alike, splits),
            looks
            | "Bands" >> beam.FlatMap(bands, distance)
            | "SameBand" >> beam.GroupByKey()
            | "PairNearlyAlike" >> beam.FlatMap(nearly_alike, splits, distance),
        ]
    return (
        found
        | "All" >> beam.Flatten()
        | "Tally" >> beam.CombineGlobally(Tally(SHOWN))
        | "Findings" >> beam.Map(_findings, splits, distance)
    )


def _counts(image: Fingerprint) -> Iterator[Finding]:
    yield Finding(f"{IMAGES}/{image.split}", 1)
    if not image.pixels:
        yield Finding(f"{FLAT}/{image.split}", 1)


def _by_name(image: Fingerprint) -> Iterator[tuple[str, tuple[str, int, str]]]:
    key = name_key(image.name)
    if key is not None:
        yield key, (image.split, 1, image.name)


def _by_picture(image: Fingerprint) -> Iterator[tuple[tuple[bytes, bytes], tuple[str, int, str]]]:
    if image.pixels:
        yield (image.pixels, image.looks), (image.split, 1, image.name)


def _by_looks(picture: tuple[tuple[bytes, bytes], Counts], splits: Sequence[str]) -> tuple[bytes, tuple[str, int, str]]:
    """A picture counts once, in its first split: that it is in another is no near-duplicate."""
    (_, looks), images = picture
    split = next(split for split in splits if split in images)
    return looks, (split, 1, images[split][1][0])


def _findings(counts: Counts, splits: Sequence[str], distance: int | None) -> dict:
    def count(kind: str) -> int:
        return counts.get(kind, (0, []))[0]

    return {
        **{kind: {split: count(f"{kind}/{split}") for split in splits} for kind in (IMAGES, FLAT)},
        "distance": distance,
        **{kind: {"count": count(kind), "pairs": counts.get(kind, (0, []))[1]} for kind in PAIRS},
        UNCOMPARED: count(UNCOMPARED),
    }
