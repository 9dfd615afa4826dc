"""The `predict` subcommand. TensorFlow is imported when it runs, not before."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_predict_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `predict`, with `handler(args) -> int` set: 0, or 1 where an image has no prediction."""
    parser = subparsers.add_parser("predict", help="write the masks that a pushed model predicts for images")
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="a JPEG or PNG file")
    parser.add_argument(
        "--model",
        type=Path,
        required=True,
        metavar="DIR",
        help="a version, such as runs/shapes/serving/1700000000, or the folder of versions: the newest is taken",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for NAME.mask.png (class ids, with the dataset's palette) and NAME.overlay.jpg of each image",
    )
    parser.set_defaults(handler=_predict)


def _predict(args: argparse.Namespace) -> int:
    from pipeline.predict import predict

    predictions = predict(args.model, args.images, args.out)
    predicted = len(args.images) - len(predictions.failed)
    print(f"{predicted} of {len(args.images)} images predicted: {args.out}")
    return 1 if predictions.failed else 0
