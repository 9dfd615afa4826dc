"""The `segpipe` command. Nothing heavy is imported until a subcommand runs."""

from __future__ import annotations

import argparse
import io
import sys
from importlib.metadata import version
from typing import Any, NoReturn

from datasets.add_arguments import add_convert_parser, add_shapes_parser
from pipeline.beam.installed_versions import installed_versions
from pipeline.commands.compile import add_compile_parser
from pipeline.commands.history import add_history_parser
from pipeline.commands.masks import add_masks_parser
from pipeline.commands.predict import add_predict_parser
from pipeline.commands.rehearse import add_rehearse_parser
from pipeline.commands.report import add_report_parser
from pipeline.commands.run import add_run_parser
from pipeline.commands.schema import add_schema_parser
from pipeline.commands.serve import add_serve_parser
from pipeline.commands.show import add_show_parser
from pipeline.commands.submit import add_submit_parser
from pipeline.commands.tfma import add_tfma_parser
from pipeline.logs import hush
from schema.user_error import UserError

FAILED, INTERRUPTED = 1, 130


class _Parser(argparse.ArgumentParser):
    """Exits with 1 on a wrong argument: 2, which is argparse's, means that the gate did not bless."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(FAILED, f"{self.prog}: {message}\n")


class _Version(argparse.Action):
    """Prints what is installed, which is looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        lines = [f"segpipe {version('segpipe')}", *(f"{name} {value}" for name, value in installed_versions().items())]
        print("\n".join(lines))
        parser.exit()


def main(arguments: list[str] | None = None) -> int:
    """Runs a subcommand; returns the exit code.

    Raises:
        SystemExit: the arguments are not right or a run broke down (1), or help was asked for (0).
    """
    # Names of classes and files are shown even where the terminal cannot.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    parser = _Parser(prog="segpipe", description="Semantic segmentation on TFX: TFRecords in, a gated DeepLabV3+ out.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print what is installed, and exit")
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add_parser in (
        add_run_parser,
        add_report_parser,
        add_schema_parser,
        add_history_parser,
        add_tfma_parser,
        add_compile_parser,
        add_rehearse_parser,
        add_submit_parser,
        add_predict_parser,
        add_masks_parser,
        add_serve_parser,
        add_convert_parser,
        add_shapes_parser,
        add_show_parser,
    ):
        add_parser(subparsers)
    options = parser.parse_args(arguments)
    if not hasattr(options, "verbose"):  # a command that has --verbose puts the noise in its log
        hush()
    try:
        return options.handler(options)
    except UserError as error:
        print(f"segpipe: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("segpipe: interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
