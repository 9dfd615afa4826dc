"""Samples -> a folder of sharded TFRecords and their label map, whole or not at all."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import apache_beam as beam
import tensorflow as tf

from datasets.beam_pipeline import beam_pipeline
from datasets.check_disjoint import check_disjoint
from datasets.check_output import check_output
from datasets.list_faults import list_faults
from datasets.sample import Sample
from datasets.temporary_folder import temporary_folder
from datasets.watch_progress import watch_progress
from schema.label_map import FILE_NAME, LabelMap
from schema.make_record import make_record
from schema.record import VOID
from schema.user_error import UserError


@dataclass(frozen=True)
class _Shard:
    """What one worker call writes: `name`.tfrecord."""

    name: str
    samples: tuple[Sample, ...]


def write_records(
    splits: Mapping[str, Sequence[Sample]],
    label_map: LabelMap,
    out: str | Path,
    *,
    shards: int | None = None,
    overwrite: bool = False,
    beam_args: Sequence[str] = (),
) -> str:
    """Writes `out/SPLIT-00000-of-0000N.tfrecord` for every split, and `out/label_map.yaml`.

    The work is done in a folder beside `out` that takes its place at the end; on any error, an interrupt included, it
    is removed and `out` is as it was. Memory stays flat: a Beam element is the description of a shard, and images
    are read, checked and written one by one.

    Args:
        splits: the samples of each split, by name ('train', 'val').
        label_map: saved as the records hold it: ids are class indices, void is 255.
        out: a folder that is missing or empty.
        shards: files a split (never more than its images); by default one for 50 images, at most 32.
        overwrite: replace `out` if it holds an earlier conversion; it goes only when the new one is complete.
        beam_args: Beam options that override the defaults (a local FnApiRunner, one thread a core).

    Returns:
        One line for the user: images and shards of each split, bytes, seconds.

    Raises:
        UserError: a split is empty, an image is in two splits, `out` cannot be written, a Beam option is wrong, or
            images are unusable (the first few and their number).
    """
    start = time.monotonic()
    out = check_output(out, overwrite=overwrite)
    check_disjoint(splits)
    planned = {split: _plan(split, samples, shards) for split, samples in splits.items()}
    with temporary_folder(out.with_name(f"{out.name}.tmp-{os.getpid()}")) as folder:
        _run(folder, [shard for of_split in planned.values() for shard in of_split], label_map, beam_args)
        replace(label_map, ids=(), void_id=VOID).save(folder / FILE_NAME)
        size = sum(path.stat().st_size for path in folder.iterdir())
        _replace(out, folder)
    counts = ", ".join(
        f"{split} {_plural(len(splits[split]), 'image')} in {_plural(len(of_split), 'shard')}"
        for split, of_split in planned.items()
    )
    seconds = time.monotonic() - start
    rate = sum(map(len, splits.values())) / seconds
    return f"{out}: {counts}; {size / 1e6:.1f} MB in {seconds:.1f} s ({rate:.0f} images/s)"


def _plan(split: str, samples: Sequence[Sample], shards: int | None) -> list[_Shard]:
    if not samples:
        raise UserError(f"split '{split}' has no images, expected at least one")
    if shards is not None and shards < 1:
        raise UserError(f"the number of shards must be at least 1, got {shards}")
    number = min(shards or min(32, -(-len(samples) // 50)), len(samples))
    return [_Shard(f"{split}-{index:05d}-of-{number:05d}", tuple(samples[index::number])) for index in range(number)]


def _run(folder: Path, shards: list[_Shard], label_map: LabelMap, beam_args: Sequence[str]) -> None:
    """Writes the shards into `folder`; raises one UserError for all unusable samples."""
    journals = [_journal(folder, shard) for shard in shards]
    journals[0].parent.mkdir()

    def lines() -> list[str]:
        return [line for path in journals if path.exists() for line in path.read_text(encoding="utf-8").splitlines()]

    total = sum(len(shard.samples) for shard in shards)
    with watch_progress("converting", lambda: len(lines()), total), beam_pipeline(beam_args) as p:
        _ = p | beam.Create(shards) | beam.Map(_write_shard, folder=folder, label_map=label_map)
    journal = lines()
    errors = [line for line in journal if line]
    if errors:
        raise UserError(
            f"{len(errors)} of {_plural(total, 'image')} cannot be used, nothing was written:{list_faults(errors)}"
        )
    if len(journal) != total:
        raise RuntimeError(f"the Beam runner wrote {len(journal)} of {total} images")
    shutil.rmtree(journals[0].parent)


def _journal(folder: Path, shard: _Shard) -> Path:
    """A line for each sample done: empty, or what is wrong with it. Files reach us whole from any Beam worker."""
    return folder / "journal" / shard.name


def _write_shard(shard: _Shard, folder: Path, label_map: LabelMap) -> None:
    with (
        _journal(folder, shard).open("w", encoding="utf-8", buffering=1) as journal,
        tf.io.TFRecordWriter(str(folder / f"{shard.name}.tfrecord")) as writer,
    ):
        for sample in shard.samples:
            error = ""
            try:
                image, mask = sample.load()
                example = make_record(image, mask, label_map, filename=sample.filename, source=sample.source)
                writer.write(example.SerializeToString(deterministic=True))
            except UserError as problem:
                error = " ".join(str(problem).split())
            journal.write(f"{error}\n")


def _replace(out: Path, folder: Path) -> None:
    """Puts `folder` in the place of `out`."""
    old = out.with_name(f"{out.name}.old-{os.getpid()}")
    with suppress(FileNotFoundError):
        out.rename(old)
    try:
        folder.rename(out)
    except BaseException:
        with suppress(FileNotFoundError):
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
