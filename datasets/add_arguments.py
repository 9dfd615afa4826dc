"""The `convert` and `shapes` subcommands. TensorFlow and Beam are imported when one runs, not before."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from datasets.take_beam_args import take_beam_args


def add_convert_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `convert DATASET`, a subcommand for each dataset, with `handler(args) -> int` set."""
    parser = subparsers.add_parser("convert", help="turn a dataset into TFRecords")
    datasets = parser.add_subparsers(dest="dataset", metavar="DATASET", required=True)
    _add_voc(datasets)
    _add_camvid(datasets)
    _add_folder(datasets)


def add_shapes_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `shapes`, the generated dataset, with `handler(args) -> int` set."""
    parser = subparsers.add_parser("shapes", help="generate the demo dataset of textured shapes as TFRecords")
    parser.add_argument("--train", type=int, default=200, metavar="N", help="images to train on (default %(default)s)")
    parser.add_argument("--val", type=int, default=40, metavar="N", help="images to evaluate on (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same images (default %(default)s)")
    _add_output(parser)
    parser.set_defaults(handler=_write_shapes)


def _add_voc(datasets: argparse._SubParsersAction) -> None:
    parser = datasets.add_parser("voc", help="PASCAL VOC 2012 segmentation, with or without SBD")
    parser.add_argument("--voc-root", type=Path, required=True, metavar="DIR", help="the VOC2012 folder, unpacked")
    parser.add_argument(
        "--sbd-root", type=Path, metavar="DIR", help="SBD's benchmark_RELEASE folder: its images join train (trainaug)"
    )
    _add_output(parser)
    parser.set_defaults(handler=_convert_voc)


def _add_camvid(datasets: argparse._SubParsersAction) -> None:
    parser = datasets.add_parser("camvid", help="CamVid in 11 classes")
    parser.add_argument(
        "--root", type=Path, required=True, metavar="DIR", help="the folder of train, trainannot, val, valannot"
    )
    _add_output(parser)
    parser.set_defaults(handler=_convert_camvid)


def _add_folder(datasets: argparse._SubParsersAction) -> None:
    parser = datasets.add_parser("folder", help="any images (JPEG, PNG) and masks (PNG of ids or colours)")
    parser.add_argument("--label-map", type=Path, required=True, metavar="FILE", help="the classes, a YAML file")
    parser.add_argument("--images", type=Path, metavar="DIR", help="images, in folders train and val")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="masks, named and placed as their images")
    parser.add_argument("--image-suffix", default="", metavar="TEXT", help="what image names end in: _leftImg8bit")
    parser.add_argument("--mask-suffix", default="", metavar="TEXT", help="what mask names end in: _gtFine_labelIds")
    parser.add_argument(
        "--split", type=_folder, action="append", metavar="NAME=DIR", help="the folder of a split: train=training"
    )
    parser.add_argument(
        "--val-fraction", type=float, metavar="SHARE", help="split by a hash of the name instead, e.g. 0.1 to val"
    )
    parser.add_argument(
        "--pairs", type=Path, metavar="FILE", help="instead of --images and --masks: a CSV of image,mask[,split]"
    )
    parser.add_argument("--void-ids", type=_ids, default=(), metavar="IDS", help="further void ids: 0-6,9,10")
    parser.add_argument(
        "--void-colors", type=_color, default=(), nargs="+", metavar="R,G,B", help="void in masks of colours"
    )
    parser.add_argument("--source", metavar="NAME", help="image/source of the records (default: the name of --out)")
    _add_output(parser)
    parser.set_defaults(handler=_convert_folder)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to create")
    parser.add_argument(
        "--shards", type=int, metavar="N", help="files a split (default: one for 50 images, at most 32)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace DIR if it holds records already")
    take_beam_args(parser)


def _folder(value: str) -> tuple[str, str]:
    match = re.fullmatch(r"(\w+)=(.+)", value, re.ASCII)
    if not match:
        raise argparse.ArgumentTypeError(f"{value!r} is not NAME=DIR, as in train=training")
    return match[1], match[2]


def _ids(value: str) -> tuple[int, ...]:
    ids: list[int] = []
    for part in value.split(","):
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part, re.ASCII)
        if not match or int(match[2] or match[1]) < int(match[1]):
            raise argparse.ArgumentTypeError(f"{value!r} is no list of ids, as in 0-6,9,10")
        ids += range(int(match[1]), int(match[2] or match[1]) + 1)
    return tuple(ids)


def _color(value: str) -> tuple[int, int, int]:
    match = re.fullmatch(r"(\d{1,3}),(\d{1,3}),(\d{1,3})", value, re.ASCII)
    if not match or max(map(int, match.groups())) > 255:
        raise argparse.ArgumentTypeError(f"{value!r} is no colour, as in 224,224,192")
    return int(match[1]), int(match[2]), int(match[3])


def _convert_voc(args: argparse.Namespace) -> int:
    from datasets.check_output import check_output
    from datasets.voc import VOC_LABEL_MAP, voc_samples

    check_output(args.out, overwrite=args.overwrite)
    samples = voc_samples(args.voc_root, args.sbd_root)
    return _write(samples, VOC_LABEL_MAP, args)


def _convert_camvid(args: argparse.Namespace) -> int:
    from datasets.camvid import CAMVID_LABEL_MAP, camvid_samples
    from datasets.check_output import check_output

    check_output(args.out, overwrite=args.overwrite)
    samples = camvid_samples(args.root)
    return _write(samples, CAMVID_LABEL_MAP, args)


def _convert_folder(args: argparse.Namespace) -> int:
    from functools import partial

    from datasets.check_output import check_output
    from datasets.legend import Legend
    from datasets.pair_folders import pair_folders
    from datasets.read_coded_mask import read_coded_mask
    from datasets.read_pairs import read_pairs
    from schema.label_map import LabelMap
    from schema.user_error import UserError

    out = check_output(args.out, overwrite=args.overwrite)
    legend = Legend(LabelMap.load(args.label_map), args.void_ids, tuple(args.void_colors))
    of_folders = (args.images, args.masks, args.split, args.image_suffix, args.mask_suffix)
    if args.pairs and not any(of_folders):
        pairs = read_pairs(args.pairs, args.val_fraction)
    elif args.images and args.masks and not args.pairs:
        pairs = pair_folders(
            args.images,
            args.masks,
            image_suffix=args.image_suffix,
            mask_suffix=args.mask_suffix,
            folders=dict(args.split or ()),
            val_fraction=args.val_fraction,
        )
    else:
        raise UserError(
            "expected either --images and --masks or --pairs; --split, --image-suffix and --mask-suffix go with folders"
        )
    read = partial(read_coded_mask, legend=legend)
    source = args.source or out.name
    samples = {split: [pair.sample(source, read) for pair in of_split] for split, of_split in pairs.items()}
    return _write(samples, legend.label_map, args)


def _write_shapes(args: argparse.Namespace) -> int:
    from datasets.check_output import check_output
    from datasets.shapes import SHAPES_LABEL_MAP, shapes_samples

    check_output(args.out, overwrite=args.overwrite)
    samples = shapes_samples(args.train, args.val, args.seed)
    return _write(samples, SHAPES_LABEL_MAP, args)


def _write(samples, label_map, args: argparse.Namespace) -> int:
    from datasets.write_records import write_records

    print(
        write_records(
            samples, label_map, args.out, shards=args.shards, overwrite=args.overwrite, beam_args=args.beam_args
        )
    )
    return 0
