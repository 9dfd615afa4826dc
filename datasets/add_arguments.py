"""The `convert` and `shapes` subcommands. TensorFlow and Beam are imported when one runs, not before."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_convert_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `convert DATASET`, a subcommand for each public dataset, with `handler(args) -> int` set."""
    parser = subparsers.add_parser("convert", help="turn a public dataset into TFRecords")
    datasets = parser.add_subparsers(dest="dataset", metavar="DATASET", required=True)
    voc = datasets.add_parser("voc", help="PASCAL VOC 2012 segmentation")
    voc.add_argument("--voc-root", type=Path, required=True, metavar="DIR", help="the VOC2012 folder, unpacked")
    _add_output(voc)
    voc.set_defaults(handler=_convert_voc)


def add_shapes_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `shapes`, the generated dataset, with `handler(args) -> int` set."""
    parser = subparsers.add_parser("shapes", help="generate the demo dataset of textured shapes as TFRecords")
    parser.add_argument("--train", type=int, default=200, metavar="N", help="images to train on (default %(default)s)")
    parser.add_argument("--val", type=int, default=40, metavar="N", help="images to evaluate on (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same images (default %(default)s)")
    _add_output(parser)
    parser.set_defaults(handler=_write_shapes)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to create")
    parser.add_argument(
        "--shards", type=int, metavar="N", help="files a split (default: one for 50 images, at most 32)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace DIR if it holds records already")


def _convert_voc(args: argparse.Namespace) -> int:
    from datasets.check_output import check_output
    from datasets.voc import VOC_LABEL_MAP, voc_samples

    check_output(args.out, overwrite=args.overwrite)
    samples = voc_samples(args.voc_root)
    return _write(samples, VOC_LABEL_MAP, args)


def _write_shapes(args: argparse.Namespace) -> int:
    from datasets.check_output import check_output
    from datasets.shapes import SHAPES_LABEL_MAP, shapes_samples

    check_output(args.out, overwrite=args.overwrite)
    samples = shapes_samples(args.train, args.val, args.seed)
    return _write(samples, SHAPES_LABEL_MAP, args)


def _write(samples, label_map, args: argparse.Namespace) -> int:
    from datasets.write_records import write_records

    print(write_records(samples, label_map, args.out, shards=args.shards, overwrite=args.overwrite))
    return 0
