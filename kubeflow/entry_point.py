"""What runs in the image: one task of a compiled pipeline, on the copies of artifacts that the launcher made.

`python -m kubeflow.entry_point --compiled-with TFX_VERSION`, then what TFX has its tasks told.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from pipeline.logs import hush
from schema.user_error import UserError

ROOT_VARIABLE = "SEGPIPE_COPIES"  # environment: the folder of the copies, where that is not /
FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the task; a user's mistake is one line on stderr, anything else a stack trace.

    Returns:
        The exit code: 0, or 1 where the user has to do something.
    """
    options, beam_args = _parser().parse_known_args(arguments)
    try:
        _check_version(options.compiled_with)
        _run(options, beam_args)
    except UserError as error:
        print(f"segpipe: {error}", file=sys.stderr)
        return FAILED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kubeflow.entry_point", allow_abbrev=False)
    parser.add_argument("--compiled-with", required=True, metavar="TFX_VERSION")
    for name in ("executor_class_path", "json_serialized_invocation_args"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--json_serialized_inputs_spec_args")
    return parser


def _check_version(compiled_with: str) -> None:
    installed = version("tfx")
    if compiled_with != installed:
        raise UserError(
            f"this pipeline was compiled with TFX {compiled_with}, and the image has TFX {installed}: compile it with "
            "the segpipe of the image, or name the image it was compiled for"
        )


def _run(options: argparse.Namespace, beam_args: list[str]) -> None:
    hush()
    logging.basicConfig(format="%(asctime)s %(levelname).1s %(name)s: %(message)s")
    from tfx.dsl.io import fileio
    from tfx.orchestration.kubeflow.v2.container import kubeflow_v2_run_executor

    from kubeflow.local_copies import LocalCopies
    from pipeline.beam.preflight import preflight

    logging.getLogger().setLevel(logging.INFO)  # what is said while importing helps nobody
    given = json.loads(options.json_serialized_invocation_args)
    copies = LocalCopies(given, os.environ.get(ROOT_VARIABLE, "/"), remote_beam=_is_remote(beam_args))
    copies.make_folders()
    outputs = copies.executor_input["outputs"]
    if beam_args:
        preflight(beam_args, next(iter(outputs["artifacts"].values()))["artifacts"][0]["uri"])
    options.json_serialized_invocation_args = json.dumps(copies.executor_input)
    kubeflow_v2_run_executor.main((options, beam_args))
    if "://" in given["outputs"]["outputFile"]:  # there are no copies, and it is written already
        return
    with fileio.open(outputs["outputFile"], "r") as file:
        restored = copies.restore(json.loads(file.read()))
    output_file = Path(given["outputs"]["outputFile"])
    unfinished = output_file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(restored), encoding="utf-8")
    unfinished.replace(output_file)


def _is_remote(beam_args: Sequence[str]) -> bool:
    runners = [arg for arg in beam_args if arg.startswith("--runner=")]
    return any(not runner.endswith(("FnApiRunner", "DirectRunner")) for runner in runners)


if __name__ == "__main__":
    sys.exit(main())
