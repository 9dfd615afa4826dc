"""Runs the ingestion: read, check, write, count; too many bad records fail the whole of it."""

from __future__ import annotations

import json
import logging
import shutil
from typing import Any

import apache_beam as beam
from google.protobuf import json_format, wrappers_pb2
from tfx.components.util import examples_utils
from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
from tfx.dsl.io import fileio
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils
from tfx.types import standard_component_specs as specs

from components.segmentation_example_gen.ingest_file import InputFile, ingest_file
from components.segmentation_example_gen.read_summary import FILE_NAME
from components.segmentation_example_gen.refuse import refuse
from components.segmentation_example_gen.split_summary import SplitSummary
from schema.label_map import LabelMap
from schema.user_error import UserError

QUARANTINE = "quarantine"  # the folder of bad records
_LOG = logging.getLogger("segpipe.ingestion")


class Executor(BaseBeamExecutor):
    """Ingests files, each a Beam element: records are never between stages, whose runner may hold them in memory.

    TFX's own executor of ExampleGens writes each split behind a shuffle; here the shards are in the order of the
    files, and the records in theirs.
    """

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        """Raises UserError naming files, records and reasons when a split is empty or has too many bad records."""
        self._log_startup(input_dict, output_dict, exec_properties)
        examples = artifact_utils.get_single_instance(output_dict[specs.EXAMPLES_KEY])
        files = _input_files(exec_properties)
        settings = _custom_config(exec_properties)
        splits = list(dict.fromkeys(split for file in files for split, _ in file.buckets))
        scratch = f"{examples.uri}/unfinished"
        _empty(examples.uri)  # of what an attempt has left that was broken off
        for folder in (scratch, *(f"{examples.uri}/Split-{split}" for split in splits)):
            fileio.makedirs(folder)
        try:
            self._ingest(files, LabelMap.from_dict(settings["label_map"]), examples.uri, scratch)
            with fileio.open(f"{scratch}/{FILE_NAME}", "r") as file:
                summary = json.loads(file.read())
            refuse(summary, exec_properties[specs.INPUT_BASE_KEY], settings["max_bad_fraction"])
            for split, told in summary["splits"].items():
                if told["bad"]:
                    _gather_quarantine(split, scratch, f"{examples.uri}/{QUARANTINE}")
                    _tell(split, told)
            fileio.rename(f"{scratch}/{FILE_NAME}", f"{examples.uri}/{FILE_NAME}")
            fileio.rmtree(scratch)
        except BaseException:
            _empty(examples.uri)
            raise
        examples.split_names = artifact_utils.encode_split_names(splits)
        examples_utils.set_payload_format(examples, example_gen_pb2.FORMAT_TF_EXAMPLE)
        examples_utils.set_file_format(examples, "tfrecords_gzip")

    def _ingest(self, files: list[InputFile], label_map: LabelMap, out: str, scratch: str) -> None:
        """Writes the shards, the bad records and, with all that can be said of them, `scratch/FILE_NAME`."""
        with self._make_beam_pipeline() as pipeline:
            _ = (
                pipeline
                | "Files" >> beam.Create(files)
                | "Spread" >> beam.Reshuffle()
                | "Ingest" >> beam.Map(_numbered, label_map, out, scratch)
                | "Gather" >> beam.combiners.ToList()
                | "Summarize" >> beam.Map(_write_summary, f"{scratch}/{FILE_NAME}")
            )


def _input_files(exec_properties: dict[str, Any]) -> list[InputFile]:
    """Those of every split. Raises UserError where a pattern matches none."""
    folder = exec_properties[specs.INPUT_BASE_KEY]
    given = json_format.Parse(exec_properties[specs.INPUT_CONFIG_KEY], example_gen_pb2.Input())
    wanted = json_format.Parse(exec_properties[specs.OUTPUT_CONFIG_KEY], example_gen_pb2.Output())
    shares = tuple((split.name, split.hash_buckets) for split in wanted.split_config.splits)
    files = []
    for split in given.splits:
        paths = sorted(fileio.glob(f"{folder}/{split.pattern}"))
        if not paths:
            raise UserError(f"{folder}: no file matches {split.pattern}")
        names = [path.removeprefix(f"{folder}/") for path in paths]
        buckets = shares or ((split.name, 1),)
        files += [InputFile(folder, name, buckets, number, len(names)) for number, name in enumerate(names)]
    return files


def _custom_config(exec_properties: dict[str, Any]) -> dict[str, Any]:
    config = json_format.Parse(exec_properties[specs.CUSTOM_CONFIG_KEY], example_gen_pb2.CustomConfig())
    value = wrappers_pb2.StringValue()
    config.custom_config.Unpack(value)
    return json.loads(value.value)


def _empty(folder: str) -> None:
    """TFX itself makes the folder, and removes it where the component fails."""
    if fileio.exists(folder):
        fileio.rmtree(folder)
    fileio.makedirs(folder)


def _numbered(file: InputFile, *args: Any) -> tuple[int, dict[str, SplitSummary]]:
    return file.number, ingest_file(file, *args)


def _write_summary(parts: list[tuple[int, dict[str, SplitSummary]]], path: str) -> None:
    """Merges the files' summaries in the order of the files, whichever was done first."""
    merged: dict[str, SplitSummary] = {}
    for _, summaries in sorted(parts, key=lambda part: part[0]):
        for split, summary in summaries.items():
            merged.setdefault(split, SplitSummary()).merge(summary)
    told = {"splits": {split: summary.to_dict() for split, summary in merged.items()}}
    with fileio.open(path, "w") as file:
        file.write(json.dumps(told, indent=1, sort_keys=True))


def _gather_quarantine(split: str, scratch: str, folder: str) -> None:
    """Joins the files' bad records; gzip files one behind the other are one."""
    fileio.makedirs(folder)
    with fileio.open(f"{folder}/{split}.tfrecord.gz", "wb") as whole:
        for path in sorted(fileio.glob(f"{scratch}/{split}-*")):
            with fileio.open(path, "rb") as part:
                shutil.copyfileobj(part, whole)


def _tell(split: str, told: dict[str, Any]) -> None:
    reasons = ", ".join(f"{count} × {reason}" for reason, count in sorted(told["reasons"].items()))
    _LOG.warning("%d of %d records of split %s set aside: %s", told["bad"], told["good"] + told["bad"], split, reasons)
