"""The `show` subcommands. TensorFlow is imported when one runs, not before."""

from __future__ import annotations

import argparse
from pathlib import Path

from schema.user_error import UserError


def add_show_parser(subparsers: argparse._SubParsersAction) -> None:
    """Adds `show data` and `show training`, with `handler(args) -> int` set: 0."""
    parser = subparsers.add_parser("show", help="look at the data, and at what the trainer makes of it")
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    _add_data(kinds)
    _add_training(kinds)


def _add_data(kinds: argparse._SubParsersAction) -> None:
    parser = kinds.add_parser(
        "data",
        help="a page about a folder of TFRecords",
        description="Writes one page about a folder of TFRecords: samples with their masks, how frequent the classes "
        "are, the sizes of the images, and the records that a run could not use.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of TFRecords, e.g. data/shapes")
    parser.add_argument("--label-map", type=Path, metavar="FILE", help="the classes (default: label_map.yaml in DIR)")
    parser.add_argument(
        "--split",
        type=_split,
        action="append",
        default=[],
        metavar="NAME=PATTERN",
        help="the files of a split; may be given many times (default: train=train-* and val=val-*)",
    )
    parser.add_argument(
        "--examples", type=int, default=8, metavar="N", help="pictures of a split (default %(default)s)"
    )
    parser.add_argument(
        "--limit", type=int, default=10_000, metavar="N", help="records of a split looked at (default %(default)s)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="page to write or replace (default: DIR.html)")
    parser.set_defaults(handler=_show_data)


def _add_training(kinds: argparse._SubParsersAction) -> None:
    parser = kinds.add_parser(
        "training",
        help="a page of what the trainer gets to see",
        description="Writes one page of training samples as the trainer gets them: some images of the train split at "
        "the model's input size, plain and augmented, made by the Transform graph and the input of the trainer itself.",
    )
    parser.add_argument("config", help="a configuration, e.g. configs/shapes.yaml")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY.PATH=VALUE", dest="overrides", help="as in segpipe run"
    )
    parser.add_argument("--examples", type=int, default=6, metavar="N", help="images shown (default %(default)s)")
    parser.add_argument("--seeds", type=int, default=5, metavar="K", help="augmentations of each (default %(default)s)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="page to write or replace (default: training.html in the run_dir)"
    )
    parser.set_defaults(handler=_show_training)


def _split(value: str) -> tuple[str, str]:
    name, equals, pattern = value.partition("=")
    if not (name and equals and pattern) or pattern.startswith("/"):
        raise argparse.ArgumentTypeError(f"{value!r} is not NAME=PATTERN, as in train=train-*")
    return name, pattern


def _show_data(args: argparse.Namespace) -> int:
    _check("--examples", args.examples, 0, 50)
    if args.limit < 1:
        raise UserError(f"--limit {args.limit}: expected 1 or more")

    from pipeline.quietly import quietly

    folder = args.folder.resolve()
    page = args.out or folder.parent / f"{folder.name}.html"
    with quietly():
        from pipeline.show.write_data_page import write_data_page

        found = write_data_page(
            args.folder,
            page,
            label_map=args.label_map,
            patterns=dict(args.split),
            limit=args.limit,
            examples=args.examples,
        )
    for split, survey in found.items():
        good, bad = survey.summary.good, survey.summary.bad
        also = f", {bad} {'record' if bad == 1 else 'records'} that cannot be used" if bad else ""
        print(f"{split}: {good} {'image' if good == 1 else 'images'}{also}")
    print(page)
    return 0


def _show_training(args: argparse.Namespace) -> int:
    _check("--examples", args.examples, 1, 50)
    _check("--seeds", args.seeds, 0, 20)

    from pipeline.check_inputs import check_inputs
    from pipeline.config import load_config

    config = load_config(args.config, args.overrides)
    label_map = check_inputs(config)

    from pipeline.quietly import quietly

    page = args.out or config.run_dir / "training.html"
    with quietly():
        from pipeline.show.write_training_page import write_training_page

        write_training_page(config, label_map, page, examples=args.examples, seeds=args.seeds)
    print(page)
    return 0


def _check(option: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise UserError(f"{option} {value}: expected {least} to {most}")
