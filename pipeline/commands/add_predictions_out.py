"""Where predictions are written to, on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_predictions_out(parser: argparse.ArgumentParser) -> None:
    """Adds `--out`, a folder."""
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for NAME.mask.png (class ids, with the dataset's palette) and NAME.overlay.jpg of each image, and "
        "for class_shares.csv",
    )
