"""From the result of bulk inference to files that people look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.prediction.find_inference import find_inference
from pipeline.prediction.gather_outcomes import Predictions, gather_outcomes
from pipeline.prediction.read_image import ReadImage
from pipeline.prediction.read_prediction_logs import PredictionLog, read_prediction_logs
from pipeline.prediction.read_record_images import RecordImage
from pipeline.prediction.record_names import RecordNames
from pipeline.prediction.write_outcome import Outcome, write_outcome
from schema.label_map import LabelMap


def write_masks(place: Path, out: Path, label_map: Path | None = None) -> Predictions:
    """Writes what `segpipe predict` does, of each image that was predicted; images are named as there.

    Args:
        place: see `find_inference`.
        out: the folder to write to; made where it is missing.
        label_map: see `find_inference`.

    Raises:
        UserError: there is no result that could be read to its end, or `out` cannot be written to.
    """
    files, classes = find_inference(place, label_map)
    total = sum(1 for _ in read_prediction_logs(files))  # to the end, before anything is written
    return gather_outcomes(_outcomes(files, classes, out), classes, out, total=total)


def _outcomes(files: Sequence[Path], label_map: LabelMap, out: Path) -> Iterator[Outcome]:
    names = RecordNames([])
    for log in read_prediction_logs(files):
        yield write_outcome(_image(log, names), log.mask_png, label_map, out)


def _image(log: PredictionLog, names: RecordNames) -> ReadImage:
    place = f"{log.file}#{log.position}"
    image = RecordImage.of(log.position, log.example)
    if image.fault is not None:
        return ReadImage(place, fault=image.fault)
    return ReadImage.decode(place, names.of(log.file, image), image.encoded)
