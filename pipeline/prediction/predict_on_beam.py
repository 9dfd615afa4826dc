"""Images -> what a model says of them, as files, by Beam's workers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import apache_beam as beam

from datasets.beam_pipeline import beam_pipeline
from datasets.temporary_folder import temporary_folder
from datasets.watch_progress import watch_progress
from pipeline.beam.preflight import preflight
from pipeline.prediction.find_images import ImageFile, RecordFile
from pipeline.prediction.predict_part import PredictPart
from pipeline.prediction.work_folder import WorkFolder
from pipeline.prediction.write_outcome import Outcome
from schema.label_map import LabelMap

# Beam has a job service of its own kind break off a job after this time, a minute by default.
_MONTH = "--job_server_timeout=2592000"


def predict_on_beam(
    version: Path, sources: Sequence[ImageFile | RecordFile], label_map: LabelMap, out: Path, beam_args: Sequence[str]
) -> Iterator[Outcome]:
    """Does what `predict_images` does, with the same outcomes in the same order.

    Workers have to see the model, the images and `out` at the same paths.

    Args:
        version: a SavedModel.
        sources: as `find_images` gives them.
        label_map: the model's.
        out: the folder to write to; made where it is missing.
        beam_args: Beam's options.

    Raises:
        UserError: Beam does not take the options or has no workers, the model cannot be loaded, or a file cannot be
            written.
    """
    pipeline = beam_pipeline(beam_args, [_MONTH])
    return _outcomes(pipeline, version.absolute(), sources, label_map, out.absolute(), beam_args)


def _outcomes(
    pipeline: beam.Pipeline,
    version: Path,
    sources: Sequence[ImageFile | RecordFile],
    label_map: LabelMap,
    out: Path,
    beam_args: Sequence[str],
) -> Iterator[Outcome]:
    with temporary_folder(out / f".{uuid.uuid4().hex}.unfinished") as folder:
        preflight(beam_args, str(folder))
        work = WorkFolder(folder)
        sizes = work.hand_out(sources)
        with watch_progress("predicting", lambda: sum(sizes[part] for part in work.done()), sum(sizes)), pipeline:
            todo = pipeline | beam.Create(range(len(sizes)))
            _ = todo | beam.ParDo(PredictPart(version, label_map, out, folder, Path.cwd()))
        for part in range(len(sizes)):
            yield from work.outcomes(part)
