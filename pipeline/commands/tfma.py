"""The `tfma` subcommand. TFX and TFMA are imported when it runs, not before."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_tfma_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `tfma`, with `handler(args) -> int` set: 0."""
    parser = subparsers.add_parser(
        "tfma",
        help="write TFMA's interactive viewer of a past run's evaluation",
        description="Writes one page that needs no network: TFMA's interactive viewer, with the metrics by slice and "
        "the confusion matrix of a past run.",
    )
    parser.add_argument("run_dir", type=Path, metavar="RUN", help="the run_dir of a configuration, e.g. runs/shapes")
    parser.add_argument("--run", type=int, metavar="N", help="which of its runs, from 1 (default: the last)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="page to write or replace (default: RUN/tfma.html)")
    parser.set_defaults(handler=_tfma)


def _tfma(args: argparse.Namespace) -> int:
    from pipeline.quietly import quietly

    page = args.out or args.run_dir / "tfma.html"
    with quietly():
        from pipeline.tfma_page.write_tfma_page import write_tfma_page

        write_tfma_page(args.run_dir, page, number=args.run)
    print(page)
    return 0
