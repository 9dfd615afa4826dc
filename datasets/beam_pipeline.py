"""A Beam pipeline by options that a user gave."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stderr

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from schema.user_error import UserError

_LOCAL = "--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner"
_DEFAULTS = (
    _LOCAL,
    "--direct_running_mode=multi_threading",
    "--direct_num_workers=0",  # one thread a core
    "--default_sdk_harness_log_level=ERROR",  # workers warn of what concerns nobody
)


def beam_pipeline(args: Sequence[str], defaults: Sequence[str] = ()) -> beam.Pipeline:
    """An empty pipeline; by default a local FnApiRunner's, with one thread a core.

    Args:
        args: Beam's options, each as `--name=value`. DirectRunner is the local runner itself; Beam would first try to
            download another one.
        defaults: further options, which `args` override.

    Raises:
        UserError: Beam does not take them.
    """
    complaint = io.StringIO()
    given = [_LOCAL if arg in ("--runner=direct", "--runner=DirectRunner") else arg for arg in args]
    try:
        options = PipelineOptions([*_DEFAULTS, *defaults, *given])
        with redirect_stderr(complaint):
            options.get_all_options()  # Beam would look at most of them when the pipeline runs, or never
        return beam.Pipeline(options=options)
    except (ValueError, ImportError, AttributeError, SystemExit) as error:  # SystemExit is argparse's
        reason = complaint.getvalue().rpartition("error: ")[2].strip() or error
        raise UserError(f"Beam does not take the options {' '.join(args)}: {reason}") from error
