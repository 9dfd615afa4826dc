"""The `history` subcommand. TFX is imported when it runs, not before."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_history_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `history`, with `handler(args) -> int` set: 0."""
    parser = subparsers.add_parser(
        "history",
        help="show how the scores went over the past runs",
        description="Shows the mean IoU and the IoU of each class over the past runs, and whether their models were "
        "pushed: on the terminal, and as a page. Runs that had nothing new to do are left out.",
    )
    parser.add_argument("run_dir", type=Path, metavar="RUN", help="the run_dir of a configuration, e.g. runs/shapes")
    parser.add_argument("--out", type=Path, metavar="FILE", help="page to write or replace (default: RUN/history.html)")
    parser.set_defaults(handler=_history)


def _history(args: argparse.Namespace) -> int:
    from pipeline.quietly import quietly

    with quietly():
        from pipeline.history.print_history import print_history
        from pipeline.history.read_history import read_history
        from pipeline.history.render_history import render_history
        from pipeline.write_file import write_file

        history = read_history(args.run_dir)
        page = args.out or args.run_dir / "history.html"
        write_file(page, render_history(history))
    print_history(history)
    print(page)
    return 0
