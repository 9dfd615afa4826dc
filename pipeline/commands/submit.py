"""The `submit` subcommand. kfp is imported when it runs, not before."""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.run import NOT_BLESSED, PUSHED
from schema.user_error import UserError

if TYPE_CHECKING:
    from kubeflow.submission.task_states import TaskState

_SIGNS = {"running": "…", "done": "✓", "skipped": "-", "failed": "✗"}


def add_submit_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `submit`, with `handler(args) -> int` set: the exit code, which its help explains."""
    parser = subparsers.add_parser(
        "submit",
        help="run a compiled pipeline on Kubeflow Pipelines",
        description="Uploads a compiled pipeline to Kubeflow Pipelines, as a new version where there is one of its "
        "name, runs it, and waits for the outcome. A token comes from --token-file, or from the variable "
        "KFP_EXISTING_TOKEN, or from the file that KF_PIPELINES_SA_TOKEN_PATH names; a certificate authority of your "
        "own from SSL_CERT_FILE. KF_PIPELINES_UI_ENDPOINT is for links, where the pages are elsewhere than the API.",
        epilog="exit codes: 0 pushed (or started, with --no-wait), 2 the gate did not bless the model, 1 failed, "
        "cancelled, timed out or out of reach",
    )
    parser.add_argument("package", type=Path, metavar="PIPELINE", help="what segpipe compile wrote")
    parser.add_argument("--host", metavar="URL", help="the server (default: the variable KF_PIPELINES_ENDPOINT)")
    parser.add_argument(
        "--namespace", metavar="NS", help="yours, on a server of several users (default: the variable KFP_NAMESPACE)"
    )
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="read anew before every request")
    parser.add_argument("--experiment", metavar="NAME", help="that the run belongs to (default: the pipeline's name)")
    parser.add_argument("--run-name", metavar="NAME", help="default: the pipeline's name and the time")
    parser.add_argument(
        "--pipeline-root", metavar="URI", help="where artifacts go (default: as compiled, or as the server has it)"
    )
    parser.add_argument("--no-wait", action="store_true", help="start the run and leave it")
    parser.add_argument("--timeout", type=_minutes, metavar="MINUTES", help="wait no longer (default: until it ends)")
    parser.set_defaults(handler=_submit)


def _minutes(text: str) -> float:
    """Seconds."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError(text)
    return value * 60


def _submit(args: argparse.Namespace) -> int:
    root = args.pipeline_root
    if root and not re.match("(minio|s3|gs)://[^/]", root):
        raise UserError(f"--pipeline-root should be a minio://, s3:// or gs:// URI, got {root}")

    from pipeline.quietly import quietly

    with quietly():
        from kubeflow.submission.connect import connect
        from kubeflow.submission.read_package import read_package
        from kubeflow.submission.start_run import start_run
        from kubeflow.submission.token_source import token_source
        from kubeflow.submission.watch_run import watch_run

        package = read_package(args.package)
        connection = connect(args.host, args.namespace, token_source(args.token_file))
        run_name = args.run_name or f"{package.name} {time.strftime('%Y-%m-%d %H:%M:%S')}"
        started = start_run(
            connection, package, experiment=args.experiment or package.name, run_name=run_name, pipeline_root=root
        )
        link = connection.link(started.run_id)
        print(f"pipeline {package.name}, version {started.version}{'' if started.uploaded else ', uploaded before'}")
        print(f"{run_name}: {link}", flush=True)
        if args.no_wait:
            return PUSHED
        try:
            blessed = watch_run(
                connection, started.run_id, package.tasks, timeout=args.timeout, on_task=_say_task, on_note=_say
            )
        except KeyboardInterrupt:
            print(f"the run goes on: {link}", file=sys.stderr)
            raise
    print("blessed and pushed" if blessed else "not blessed, not pushed")
    return PUSHED if blessed else NOT_BLESSED


def _say_task(name: str, state: TaskState) -> None:
    detail = f"{state.seconds:6.1f} s" if state.state == "done" else state.state
    print(f"{_SIGNS[state.state]} {name:<24} {detail}", file=sys.stderr, flush=True)


def _say(note: str) -> None:
    print(f"  {note}", file=sys.stderr, flush=True)
