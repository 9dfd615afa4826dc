"""The `schema` subcommand. TFX and TFDV are imported when it runs, not before."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def add_schema_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `schema update`, with `handler(args) -> int` set: 0."""
    parser = subparsers.add_parser("schema", help="accept data that the schema refuses")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    update = actions.add_parser(
        "update",
        help="widen the schema to what the last run's data has",
        description="Shows what the schema has to become for the data of the last run to pass, whether that run was "
        "stopped by the data or came to its end, and writes it once you agree.",
    )
    update.add_argument("config", help="a configuration, e.g. configs/shapes.yaml")
    update.add_argument(
        "--set", action="append", default=[], metavar="KEY.PATH=VALUE", dest="overrides", help="as in segpipe run"
    )
    update.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="file to write or replace (default: data.schema, or schema.pbtxt in the data folder)",
    )
    update.add_argument("--yes", action="store_true", help="write it without asking")
    update.set_defaults(handler=_update)


def _update(args: argparse.Namespace) -> int:
    from pipeline.config import load_config
    from pipeline.read_schema import read_schema

    config = load_config(args.config, args.overrides)
    own = config.data.schema_path
    before = read_schema(own)
    print(f"reading {config.run_dir} …", file=sys.stderr)

    from pipeline.quietly import quietly

    with quietly():
        from pipeline.schema_update.last_statistics import last_statistics
        from pipeline.schema_update.propose_schema import propose_schema

        after = propose_schema(before, *last_statistics(config.run_dir))
    if after == before:
        print("the schema lets the data of the last run through: there is nothing to update")
        return 0
    _show(before, after, str(own or "schema.pbtxt"))
    if not args.yes and not _agrees():
        return 0

    from pipeline.write_file import write_file

    out = args.out or own or config.data.path / "schema.pbtxt"
    write_file(out, after)
    print(out)
    if own is None or out.absolute() != own.absolute():
        print(f"to have the next run use it, set data.schema: {out}")
    return 0


def _show(before: str, after: str, name: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, f"{name}, updated", lineterm="")
    for line in lines:
        console.print(Text(line, style=_STYLES.get(line[0], "")), soft_wrap=True)


def _agrees() -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("nothing was written: accept it with --yes", file=sys.stderr)
        return False
    try:
        return input("accept? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
