"""`segpipe run`."""

from __future__ import annotations

import argparse
import logging

from schema.user_error import UserError
from schema.what_failed import what_failed

PUSHED, NOT_BLESSED = 0, 2
LOG = "run.log"


def add_run_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `run`, with `handler(options) -> int` set: the exit code, which its help explains."""
    parser = subparsers.add_parser(
        "run",
        help="run a pipeline on this machine",
        description="Runs the pipeline of a configuration on this machine. Components whose inputs have not changed "
        "since an earlier run are not run again.",
        epilog="exit codes: 0 pushed, 2 the gate did not bless the model, 1 failed",
    )
    parser.add_argument("config", help="a configuration, e.g. configs/shapes.yaml")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY.PATH=VALUE",
        dest="overrides",
        help="change one value of the configuration; may be given many times",
    )
    parser.add_argument("--verbose", action="store_true", help="show the logs of TFX, Beam and TensorFlow")
    parser.set_defaults(handler=_run)


def _run(options: argparse.Namespace) -> int:
    # The configuration and its files are checked before the seconds that importing TFX takes.
    from pipeline.check_docker import check_docker
    from pipeline.check_inputs import check_inputs
    from pipeline.config import load_config

    config = load_config(options.config, options.overrides)
    label_map = check_inputs(config)
    check_docker(config)

    from pipeline.console import Console
    from pipeline.lock_run import lock_run
    from pipeline.logs import logs_in

    log = config.run_dir / LOG
    with (
        lock_run(config.run_dir),
        logs_in(log, verbose=options.verbose) as terminal,
        Console(terminal, live=terminal.isatty() and not options.verbose) as console,
    ):
        try:
            from pipeline.local_runner import run_locally

            outcome = run_locally(config, label_map, console.component)
        except Exception as error:
            logging.exception("%s failed", console.running)
            if isinstance(error, UserError):
                raise
            # Not the user's mistake: a bug, or something third-party that fails.
            raise SystemExit(
                f"segpipe: {console.running} failed: {_sentence(error)}; the whole story is in {log}"
            ) from error
    console.summary(config, outcome)
    return PUSHED if outcome["verdict"]["blessed"] else NOT_BLESSED


def _sentence(error: Exception) -> str:
    """Type and message on one line."""
    kind, message = type(error).__name__, what_failed(error)
    return f"{kind}: {message}" if message else kind
