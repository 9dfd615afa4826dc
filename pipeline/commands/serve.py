"""The `serve` subcommand. TensorFlow is imported when it runs, not before."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_serve_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `serve`, with `handler(args) -> int` set."""
    parser = subparsers.add_parser("serve", help="serve a pushed model over HTTP, with a page to try it")
    parser.add_argument(
        "model",
        type=Path,
        metavar="DIR",
        help="a run's folder, such as runs/shapes, a folder of versions (the newest is served) or one version",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8501, help="port to listen at, 0 for any (default: %(default)s)")
    parser.add_argument("--name", default="model", help="of the model, in /v1/models/NAME (default: %(default)s)")
    parser.set_defaults(handler=_serve)


def _serve(args: argparse.Namespace) -> int:
    from pipeline.server.serve import serve
    from pipeline.server.settings import ServerSettings

    serve(args.model, args.host, args.port, ServerSettings(name=args.name))
    return 0
