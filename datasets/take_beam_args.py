"""Beam's own options on our command lines."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence


def take_beam_args(parser: argparse.ArgumentParser) -> None:
    """Has a subcommand take what follows a `--` as `beam_args`, a list; what is no `--name=value` is an error.

    Not as positional arguments: argparse takes those for given, and none, with the first positional that it meets.
    """
    parse = parser.parse_known_args

    def parse_known_args(
        args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        given = list(args or ())
        end = given.index("--") if "--" in given else len(given)
        for stray in (arg for arg in given[end + 1 :] if not re.match(r"--\w", arg)):
            parser.error(f"unexpected {stray!r}: Beam's options follow a --, each as --name=value")
        options, unknown = parse(given[:end], namespace)
        options.beam_args = given[end + 1 :]
        return options, unknown

    parser.parse_known_args = parse_known_args  # type: ignore[method-assign, assignment]
    parser.epilog = "Beam's own options may follow a --, as in -- --runner=FlinkRunner --flink_master=host:8081"
