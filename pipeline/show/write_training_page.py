"""Shows what the trainer makes of the data of a configuration."""

from __future__ import annotations

import tempfile
from itertools import chain
from pathlib import Path

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from components.segmentation_example_gen.choose_split import choose_split
from components.segmentation_example_gen.hash_buckets import hash_buckets
from components.segmentation_example_gen.read_records import read_records
from models.data.preprocessing import PreprocessingSettings
from pipeline.config import Config
from pipeline.read_schema import read_schema
from pipeline.resolve_spans import resolve_spans
from pipeline.show.find_splits import find_splits
from pipeline.show.render_training import render_training
from pipeline.show.survey import survey
from pipeline.show.tell_progress import tell_progress
from pipeline.show.training_samples import training_samples
from pipeline.write_file import write_file
from schema.label_map import LabelMap
from schema.user_error import UserError

_CHOSEN_FROM = 500  # records at the beginning of the split


def write_training_page(config: Config, label_map: LabelMap, page: Path, *, examples: int, seeds: int) -> None:
    """Writes the page, which appears whole or not at all.

    The Transform graph is made here, from the records that are shown: what a run's has from all of them, the pixel
    count of each class, is in no picture.

    Args:
        config: the run; it need not have been started.
        label_map: of its data.
        page: the file to write or replace.
        examples: records of the train split, chosen among its first.
        seeds: augmentations of each.

    Raises:
        UserError: none of the records can be used, or the page cannot be written.
    """
    data = config.data
    patterns = resolve_spans(data.path, data.patterns, data.span)
    key = "files" if data.files else "train"
    (paths,) = find_splits(data.path, {key: patterns[key]}).values()
    records = tell_progress(chain.from_iterable(map(read_records, paths)), key)
    buckets = hash_buckets(data.eval_fraction or 0.1) if data.files else [("train", 1)]
    found = survey(
        records,
        label_map,
        limit=_CHOSEN_FROM,
        examples=examples,
        belongs=lambda name: choose_split(name, buckets) == "train",
    )
    if not found.samples:
        raise UserError(f"data.{key}: none of the first records can be used; segpipe show data {data.path} says why")
    settings = PreprocessingSettings(
        input_size=config.model.input_size,
        crop_size=config.training.crop_size,
        num_classes=len(label_map),
        augment=config.augment,
    )
    with tempfile.TemporaryDirectory() as scratch:
        samples = training_samples(
            found.samples,
            text_format.Parse(read_schema(data.schema_path), schema_pb2.Schema()),
            settings,
            seed=config.seed,
            epochs=seeds,
            scratch=Path(scratch),
        )
    write_file(page, render_training(config, label_map, samples))
