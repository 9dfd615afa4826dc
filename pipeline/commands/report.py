"""The `report` subcommand. TFX is imported when it runs, not before."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from schema.user_error import UserError


def add_report_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `report`, with `handler(args) -> int` set: 0."""
    parser = subparsers.add_parser(
        "report",
        help="make the report of a past run again",
        description="Makes a report from what a past run left: that of an earlier run, or one with more pictures.",
    )
    parser.add_argument("run_dir", type=Path, metavar="RUN", help="the run_dir of a configuration, e.g. runs/shapes")
    parser.add_argument("--run", type=int, metavar="N", help="which of its runs, from 1 (default: the last)")
    parser.add_argument("--examples", type=int, metavar="N", help="pictures of predictions (default: as configured)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder to write or replace (default: RUN/report)")
    parser.set_defaults(handler=_report)


def _report(args: argparse.Namespace) -> int:
    if args.examples is not None and not 0 <= args.examples <= 100:
        raise UserError(f"--examples {args.examples}: expected 0 to 100")
    print(f"reading {args.run_dir} …", file=sys.stderr)

    from pipeline.quietly import quietly

    with quietly():
        from pipeline.make_report import make_report

        page = make_report(args.run_dir, args.out or args.run_dir / "report", number=args.run, examples=args.examples)
    print(page)
    return 0
