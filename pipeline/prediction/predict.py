"""Masks of images, from a pushed model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.prediction.find_images import ImageFile, RecordFile, find_images
from pipeline.prediction.find_model import find_model
from pipeline.prediction.gather_outcomes import Predictions, gather_outcomes
from pipeline.prediction.load_model import load_model
from pipeline.prediction.output_files import output_files
from pipeline.prediction.predict_images import predict_images
from pipeline.prediction.read_images import read_images
from schema.exported_label_map import exported_label_map
from schema.user_error import UserError


def predict(model: Path, inputs: Sequence[str], out: Path, beam_args: Sequence[str] = ()) -> Predictions:
    """Writes NAME.mask.png and NAME.overlay.jpg for each image, and class_shares.csv for all of them.

    Files of an earlier call are replaced; each file appears whole or not at all. What is written and reported does not
    depend on who does the work.

    Args:
        model: a SavedModel, a folder of numbered versions, of which the newest is taken, or the folder of a run.
        inputs: as `find_images` takes them. An image that cannot be read is reported and passed over.
        out: the folder to write to; made where it is missing.
        beam_args: Beam's options; this process does the work where there are none.

    Raises:
        UserError: there is no model, or nothing to predict, two images would have the same outputs, an output would
            replace an image, `out` cannot be written to, or Beam does not take the options or has no workers.
    """
    sources = find_images(inputs)
    _check_replaced(sources, out)
    version = find_model(model)
    label_map = exported_label_map(str(version))
    if beam_args:
        from pipeline.prediction.predict_on_beam import predict_on_beam  # Beam takes a second to import

        outcomes = predict_on_beam(version, sources, label_map, out, beam_args)
    else:
        outcomes = predict_images(load_model(version), read_images(sources, Path.cwd()), label_map, out)
    known = all(isinstance(source, ImageFile) for source in sources)
    total = len(sources) if known else None
    return gather_outcomes(outcomes, label_map, out, total=total, progress=not beam_args)


def _check_replaced(sources: Sequence[ImageFile | RecordFile], out: Path) -> None:
    """Raises UserError when an output would replace an image."""
    inputs = {source.path.resolve() for source in sources}
    for source in sources:
        if isinstance(source, ImageFile):
            for file in output_files(out, source.name):
                if file.resolve() in inputs:
                    raise UserError(
                        f"{file}: the output for {source.path} would replace this image; choose another --out"
                    )
