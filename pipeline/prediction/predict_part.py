"""What a Beam worker does of `segpipe predict`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import apache_beam as beam
from apache_beam.utils.shared import Shared

from pipeline.prediction.load_model import load_model
from pipeline.prediction.predict_images import predict_images
from pipeline.prediction.read_images import read_images
from pipeline.prediction.work_folder import WorkFolder
from pipeline.prediction.write_outcome import Outcome
from pipeline.quiet_tensorflow import quiet_tensorflow
from schema.label_map import LabelMap
from schema.user_error import UserError


class PredictPart(beam.DoFn):
    """Predicts the images of a part of a `WorkFolder`. The threads of a process share one model.

    Args:
        version: a SavedModel.
        label_map: the model's.
        out: the folder to write to.
        work: the folder of a `WorkFolder`.
        root: the folder that the images' relative paths are seen from.
    """

    def __init__(self, version: Path, label_map: LabelMap, out: Path, work: Path, root: Path) -> None:
        self._version, self._label_map, self._out, self._work, self._root = version, label_map, out, work, root
        self._model = Shared()

    def setup(self) -> None:
        """Before anything imports TensorFlow here."""
        quiet_tensorflow()

    def process(self, number: int) -> list[None]:
        """Does it for the part of this number. What is wrong is handed in: no attempt would end otherwise."""
        work, outcomes, error = WorkFolder(self._work), list[Outcome](), ""
        try:
            model = self._model.acquire(partial(load_model, self._version))
            images = read_images(work.part(number), self._root)
            for outcome in predict_images(model, images, self._label_map, self._out):
                outcomes.append(outcome)
        except UserError as fault:
            error = str(fault)
        work.hand_in(number, outcomes, error)
        return []
