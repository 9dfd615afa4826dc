"""Runs the ingestion: read, check, count, write; any bad record fails the whole of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import apache_beam as beam
import tensorflow as tf
from google.protobuf import json_format, wrappers_pb2
from tfx.components.example_gen.base_example_gen_executor import BaseExampleGenExecutor
from tfx.dsl.io import fileio
from tfx.proto import example_gen_pb2

from components.segmentation_example_gen.check_example import check_example
from components.segmentation_example_gen.read_records import BadRecord, Record, read_records
from components.segmentation_example_gen.tally import Tally
from schema.label_map import LabelMap
from schema.user_error import UserError

_GOOD, _BAD = "good", "bad"


class Executor(BaseExampleGenExecutor):
    """`BaseExampleGenExecutor` with checked records.

    Bad records and counts are gathered by Beam into one small file a split, so that they come back from any runner;
    exceptions of a Beam worker would come back as a stack trace.
    """

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        """Raises UserError naming the files, records and reasons when a record is bad or a split is empty."""
        self._tally_dir = self._get_tmp_dir()
        super().Do(input_dict, output_dict, exec_properties)
        config = json_format.Parse(exec_properties["input_config"], example_gen_pb2.Input())
        for split in config.splits:
            with fileio.open(f"{self._tally_dir}/{_file_name(split.pattern)}", "r") as file:
                _raise_if_bad(split.name, split.pattern, json.loads(file.read()))

    def GetInputSourceToExamplePTransform(self) -> beam.PTransform:  # noqa: N802
        """A transform from (exec properties, split pattern) to checked tf.Examples."""
        tally_dir = self._tally_dir

        @beam.ptransform_fn
        def checked_examples(pipeline: beam.Pipeline, exec_properties: dict, split_pattern: str) -> beam.PCollection:
            base = exec_properties["input_base"]
            files = sorted(fileio.glob(f"{base}/{split_pattern}"))
            if not files:
                raise UserError(f"{base}: no file matches {split_pattern}")
            label_map = LabelMap.from_dict(_custom_config(exec_properties)["label_map"])
            records = (
                pipeline
                | "Files" >> beam.Create(files)
                | "Spread" >> beam.Reshuffle()
                | "Read" >> beam.FlatMap(read_records)
                | "Check" >> beam.FlatMap(_check, label_map).with_outputs(_BAD, main=_GOOD)
            )
            tally_file = f"{tally_dir}/{_file_name(split_pattern)}"
            (
                (
                    records[_GOOD] | "Good" >> beam.Map(lambda _: None),
                    records[_BAD],
                )
                | "Both" >> beam.Flatten()
                | "Tally" >> beam.CombineGlobally(Tally())
                | "WriteTally" >> beam.Map(_write_json, tally_file)
            )
            return records[_GOOD]

        return checked_examples


def _check(record: Record | BadRecord, label_map: LabelMap) -> list[tf.train.Example | beam.pvalue.TaggedOutput]:
    if isinstance(record, BadRecord):
        return [beam.pvalue.TaggedOutput(_BAD, record)]
    try:
        return [check_example(record, label_map)]
    except UserError as error:
        reason = " ".join(str(error).split())  # one line, whatever a file's texts hold
        return [beam.pvalue.TaggedOutput(_BAD, BadRecord(record.file, record.position, reason))]


def _raise_if_bad(split: str, pattern: str, tally: dict) -> None:
    if tally["bad"]:
        shown = "\n".join(f"  {file}, record {position}: {reason}" for file, position, reason in tally["examples"])
        more = tally["bad"] - len(tally["examples"])
        raise UserError(
            f"{tally['bad']} of {tally['good'] + tally['bad']} records of split {split} are bad:\n{shown}"
            + (f"\n  and {more} more" if more else "")
        )
    if not tally["good"]:
        raise UserError(f"split {split} is empty: the files that match {pattern} hold no record")


def _custom_config(exec_properties: dict) -> dict:
    config = json_format.Parse(exec_properties["custom_config"], example_gen_pb2.CustomConfig())
    value = wrappers_pb2.StringValue()
    config.custom_config.Unpack(value)
    return json.loads(value.value)


def _file_name(split_pattern: str) -> str:
    return f"tally-{hashlib.sha256(split_pattern.encode()).hexdigest()[:16]}.json"


def _write_json(value: dict, path: str) -> None:
    with fileio.open(path, "w") as file:
        file.write(json.dumps(value))
