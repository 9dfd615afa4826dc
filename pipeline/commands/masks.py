"""The `masks` subcommand. TensorFlow is imported when it runs, not before."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.commands.add_predictions_out import add_predictions_out


def add_masks_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `masks`, with `handler(args) -> int` set: 0, or 1 where an image has no mask."""
    parser = subparsers.add_parser(
        "masks",
        help="write the masks that a run predicted in bulk",
        description="Writes what the newest BulkInferrer of a run predicted as segpipe predict writes its masks. A run "
        "has one where bulk_inference.enabled is true.",
    )
    parser.add_argument(
        "place",
        type=Path,
        metavar="DIR",
        help="a run's folder, such as runs/shapes, or the folder of an InferenceResult (prediction_logs-*.gz)",
    )
    parser.add_argument(
        "--label-map",
        type=Path,
        metavar="FILE",
        help="the classes (default: those of the run's model, or label_map.yaml in DIR)",
    )
    add_predictions_out(parser)
    parser.set_defaults(handler=_masks)


def _masks(args: argparse.Namespace) -> int:
    from pipeline.quietly import quietly

    with quietly():
        from pipeline.prediction.write_masks import write_masks

        predictions = write_masks(args.place, args.out, args.label_map)
    written = len(predictions.written) // 2
    print(f"masks of {written} of {written + len(predictions.failed)} images: {args.out}")
    return 1 if predictions.failed else 0
