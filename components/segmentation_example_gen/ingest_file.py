"""From a file of a user's records to shards of examples."""

from __future__ import annotations

from contextlib import ExitStack
from typing import NamedTuple

import tensorflow as tf

from components.segmentation_example_gen.check_record import check_record
from components.segmentation_example_gen.choose_split import choose_split
from components.segmentation_example_gen.read_records import BadRecord, Record, read_records
from components.segmentation_example_gen.shard_writer import ShardWriter
from components.segmentation_example_gen.split_summary import SplitSummary
from schema.label_map import LabelMap


class InputFile(NamedTuple):
    """A file to ingest.

    Args:
        folder: the data's.
        name: the file's path in it.
        buckets: the splits that its records go to, and their shares; see `choose_split`.
        number: its place among the files of these splits, from 0.
        files: how many these are.
    """

    folder: str
    name: str
    buckets: tuple[tuple[str, int], ...]
    number: int
    files: int


def ingest_file(file: InputFile, label_map: LabelMap, out: str, scratch: str) -> dict[str, SplitSummary]:
    """Checks the records of a file one by one and writes them in their order.

    Args:
        file: what to read.
        label_map: the classes of the records.
        out: has a folder `Split-NAME` for each split, which gets one shard of the file's good records.
        scratch: a folder on the same file system; `scratch/NAME-NUMBER` gets the bad ones, as tf.Examples of `file`,
            `position`, `reason` and, where its bytes could be had, `record`.

    Returns:
        A summary for each split.
    """
    summaries = {split: SplitSummary() for split, _ in file.buckets}
    shard = f"data_tfrecord-{file.number:05d}-of-{file.files:05d}.gz"
    with ExitStack() as stack:
        good, bad = (
            {split: stack.enter_context(ShardWriter(path.format(split), scratch)) for split in summaries}
            for path in (f"{out}/Split-{{}}/{shard}", f"{scratch}/{{}}-{file.number:05d}")
        )
        for record in read_records(f"{file.folder}/{file.name}"):
            checked = check_record(record, label_map)
            split = choose_split(checked.name, file.buckets)
            if isinstance(checked, BadRecord):
                checked = checked._replace(file=file.name)
                bad[split].write(_quarantined(checked, record))
                summaries[split].set_aside(checked)
            else:
                good[split].write(checked.example.SerializeToString(deterministic=True))
                summaries[split].add(checked)
    return summaries


def _quarantined(bad: BadRecord, record: Record | BadRecord) -> bytes:
    features = {
        "file": _bytes(bad.file.encode()),
        "position": tf.train.Feature(int64_list=tf.train.Int64List(value=[bad.position])),
        "reason": _bytes(bad.reason.encode()),
    }
    if isinstance(record, Record):
        features["record"] = _bytes(record.serialized)
    example = tf.train.Example(features=tf.train.Features(feature=features))
    return example.SerializeToString(deterministic=True)


def _bytes(value: bytes) -> tf.train.Feature:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
