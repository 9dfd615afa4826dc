"""Runs the search and decides."""

from __future__ import annotations

import json
import logging
from typing import Any

import apache_beam as beam
from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
from tfx.dsl.io import fileio
from tfx.types import artifact_utils

from components.leak_guard import properties as names
from components.leak_guard.describe_findings import describe_findings
from components.leak_guard.find_leaks import find_leaks
from components.leak_guard.finding import NEAR_DUPLICATES, PAIRS, SHARED_NAMES, SHARED_PIXELS, UNCOMPARED
from components.leak_guard.fingerprints import fingerprints
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.data")


class Executor(BaseBeamExecutor):
    """See `LeakGuard`. Beam leaves one small file behind, so that findings come back from any runner."""

    def Do(self, input_dict: dict, output_dict: dict, exec_properties: dict[str, Any]) -> None:  # noqa: N802
        """Raises UserError naming the first images that are in two splits; of what is not forbidden it warns."""
        (examples,), (output,) = input_dict[names.EXAMPLES], output_dict[names.FINDINGS]
        near_duplicates = exec_properties[names.NEAR_DUPLICATES]
        distance = None if near_duplicates == names.IGNORE else exec_properties[names.DISTANCE]
        splits = artifact_utils.decode_split_names(examples.split_names)
        files = [
            (split, file)
            for split in splits
            for file in sorted(fileio.glob(f"{artifact_utils.get_split_uri([examples], split)}/*"))
        ]
        path = f"{self._get_tmp_dir()}/{names.FILE}"
        with self._make_beam_pipeline() as pipeline:
            (
                pipeline
                | "Files" >> beam.Create(files)
                | "Spread" >> beam.Reshuffle()
                | "Fingerprints" >> beam.FlatMap(fingerprints)
                | "Leaks" >> find_leaks(splits, distance)
                | "Write" >> beam.Map(_write_json, path)
            )
        with fileio.open(path, "r") as file:
            findings = json.loads(file.read())
        forbidden = {SHARED_NAMES, SHARED_PIXELS} | ({NEAR_DUPLICATES} if near_duplicates == names.FAIL else set())
        _warn(findings, set(PAIRS) - forbidden)
        _raise_if_found(findings, forbidden)
        _write_json(findings, f"{output.uri}/{names.FILE}")


def _warn(findings: dict, kinds: set[str]) -> None:
    for line in describe_findings(findings, kinds):
        _LOG.warning("%s", line)
    if findings[UNCOMPARED]:
        _LOG.warning("near-duplicates: of groups too large to compare, %d pictures were left out", findings[UNCOMPARED])


def _raise_if_found(findings: dict, kinds: set[str]) -> None:
    lines = describe_findings(findings, kinds)
    if not lines:
        return
    advice = "leave each image in one split and write the TFRecords anew"
    if findings[SHARED_NAMES]["count"]:
        advice += "; if different images have one name, give them names of their own (image/filename)"
    if NEAR_DUPLICATES in kinds and findings[NEAR_DUPLICATES]["count"]:
        advice += "; images that are only nearly alike pass with data.near_duplicates: warn"
    raise UserError(
        "the same images are in two splits, so the scores would be of images that were trained on:\n"
        + "".join(f"  {line}\n" for line in lines)
        + f"  {advice}"
    )


def _write_json(value: dict, path: str) -> None:
    with fileio.open(path, "w") as file:
        file.write(json.dumps(value, indent=2) + "\n")
