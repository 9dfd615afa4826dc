"""The `segpipe` command. Nothing heavy is imported until a subcommand runs."""

from __future__ import annotations

import argparse
import sys

from datasets.add_arguments import add_convert_parser, add_shapes_parser
from pipeline.logs import hush
from pipeline.predict_parser import add_predict_parser
from pipeline.run_command import add_run_parser
from schema.user_error import UserError

FAILED = 1


def main(arguments: list[str] | None = None) -> int:
    """Runs a subcommand; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="segpipe", description="Semantic segmentation on TFX: TFRecords in, a gated DeepLabV3+ out."
    )
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add_parser in (add_run_parser, add_predict_parser, add_convert_parser, add_shapes_parser):
        add_parser(subparsers)
    options = parser.parse_args(arguments)
    if not getattr(options, "verbose", False):
        hush()
    try:
        return options.handler(options)
    except UserError as error:
        print(f"segpipe: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("segpipe: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
