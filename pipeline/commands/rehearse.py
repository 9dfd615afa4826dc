"""The `rehearse` subcommand."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pipeline.commands.run import NOT_BLESSED, PUSHED
from schema.user_error import UserError

_CAVEAT = (
    "A rehearsal is no cluster: scheduling, resources, node selectors, secrets, permissions, network and caching were "
    "not checked."
)


def add_rehearse_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `rehearse`, with `handler(args) -> int` set: the exit code, which its help explains."""
    parser = subparsers.add_parser(
        "rehearse",
        help="execute a compiled pipeline on this machine",
        description="Executes what segpipe compile wrote as Kubeflow Pipelines would, one task after another, with a "
        "folder for its object store: each task has its own process and disk, and gets no more than what the "
        "compiled pipeline gives it.",
        epilog="exit codes: 0 pushed, 2 the gate did not bless the model, 1 failed",
    )
    parser.add_argument("pipeline", type=Path, help="a YAML file of segpipe compile")
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="artifacts and logs; made if missing")
    parser.add_argument("--until", metavar="TASK", help="run only this task and what it needs")
    parser.add_argument("--container", metavar="ENGINE", help="run tasks in containers: docker or podman")
    parser.add_argument("--image", help="for the containers, in the place of the pipeline's own")
    parser.add_argument(
        "--mount",
        action="append",
        default=[],
        metavar="CLAIM=DIR",
        help="for the containers, the folder that is a persistent volume claim; may be given many times",
    )
    parser.set_defaults(handler=_rehearse)


def _rehearse(args: argparse.Namespace) -> int:
    from kubeflow.rehearsal.compiled_pipeline import CompiledPipeline
    from kubeflow.rehearsal.containers import Containers
    from kubeflow.rehearsal.rehearse import rehearse
    from kubeflow.rehearsal.run_task import Site
    from kubeflow.rehearsal.this_machine import ThisMachine
    from pipeline.lock_run import lock_run

    pipeline = CompiledPipeline.read(args.pipeline)
    store = args.store.absolute()
    site: Site
    if args.container:
        site = Containers(args.container, store / ".scratch", _mounts(args.mount), args.image)
    elif args.mount or args.image:
        raise UserError("--mount and --image are for containers: add --container docker, or podman")
    else:
        site = ThisMachine(store / ".scratch")
    with lock_run(store):
        report = rehearse(pipeline, store, site, _say, args.until)
    code = PUSHED if report is None else _verdict(report)
    print(_CAVEAT)
    return code


def _mounts(given: list[str]) -> dict[str, Path]:
    mounts = {}
    for mount in given:
        claim, separator, folder = mount.partition("=")
        if not (claim and separator and folder):
            raise UserError(f"--mount {mount}: expected CLAIM=DIR")
        mounts[claim] = Path(folder).absolute()
    return mounts


def _say(name: str, state: str, seconds: float) -> None:
    if state == "skipped":
        print(f"– {name:<24} skipped: its condition does not hold", file=sys.stderr)
    else:
        print(f"✓ {name:<24} {seconds:6.1f} s", file=sys.stderr)


def _verdict(report: Path) -> int:
    outcome = json.loads((report / "metrics.json").read_text(encoding="utf-8"))
    verdict, mean = outcome["verdict"], outcome["mean_iou"]
    print(f"mean IoU {'undefined' if mean is None else f'{mean:.4f}'} on {outcome['images']} images")
    for rule in verdict["rules"]:
        print(f"{'✓' if rule['passed'] else '✗'} {rule['sentence']}")
    print(f"pushed as {verdict['path']}" if verdict["pushed"] else "not blessed, not pushed")
    print(f"report: {report / 'index.html'}")
    return PUSHED if verdict["blessed"] else NOT_BLESSED
