"""The `predict` subcommand. TensorFlow is imported when it runs, not before."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from datasets.take_beam_args import take_beam_args
from pipeline.commands.add_predictions_out import add_predictions_out


def add_predict_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `predict`, with `handler(args) -> int` set: 0, or 1 where an image has no prediction."""
    parser = subparsers.add_parser("predict", help="write the masks that a pushed model predicts for images")
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="a JPEG or PNG file, a TFRecord file, a folder of them, or a pattern such as 'photos/**/*.jpg'",
    )
    parser.add_argument(
        "--model",
        type=Path,
        required=True,
        metavar="DIR",
        help="a run's folder, such as runs/shapes, a folder of versions (the newest is taken) or one version",
    )
    add_predictions_out(parser)
    take_beam_args(parser)
    parser.set_defaults(handler=_predict)


def _predict(args: argparse.Namespace) -> int:
    from pipeline.quietly import quietly

    with quietly():
        from pipeline.prediction.predict import predict

        started = time.monotonic()
        predictions = predict(args.model, args.inputs, args.out, args.beam_args)
    seconds = time.monotonic() - started
    predicted = len(predictions.written) // 2
    total = predicted + len(predictions.failed)
    print(
        f"{predicted} of {total} images predicted in {seconds:.1f} s ({predicted / seconds:.1f} images/s): {args.out}"
    )
    return 1 if predictions.failed else 0
