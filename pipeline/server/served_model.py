"""The model that is served: the newest that was pushed, also if it is pushed while the server runs."""

from __future__ import annotations

import io
import logging
import threading
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from pipeline.prediction.find_model import find_model
from pipeline.prediction.load_model import Model, ModelFault, load_model
from schema.exported_label_map import exported_label_map
from schema.label_map import LabelMap
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.serve")


class Version(NamedTuple):
    """Args:
    name: of its folder, such as 1700000000.
    folder: where it was loaded from.
    segment: the model.
    label_map: its classes.
    """

    name: str
    folder: Path
    segment: Model
    label_map: LabelMap


class ServedModel:
    """Has one whole version at any time. Whoever has taken `version` keeps it until done, whatever is pushed.

    Args:
        place: as `find_model` takes it.

    Raises:
        UserError: there is no model, or it does not work.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._refused: Path | None = None
        self._stopped = threading.Event()
        self.version = _load(find_model(place))

    def refresh(self) -> bool:
        """Takes over a version that was pushed since, once it has answered; says whether there was one.

        One that cannot be loaded is logged, once, and what was served goes on being served.
        """
        try:
            newest = find_model(self._place)
        except UserError:  # the last version was taken away
            return False
        if newest in (self.version.folder, self._refused):
            return False
        try:
            self.version = _load(newest)
        except UserError as error:
            self._refused = newest
            _LOG.error("version %s is not served, %s goes on: %s", newest.name, self.version.name, error)
            return False
        _LOG.info("version %s is served now", newest.name)
        return True

    def watch(self, seconds: float) -> None:
        """Refreshes every so often until `stop`, in a thread."""

        def watch() -> None:
            while not self._stopped.wait(seconds):
                self.refresh()

        threading.Thread(target=watch, daemon=True, name="watch pushed models").start()

    def stop(self) -> None:
        """Ends `watch`."""
        self._stopped.set()


def _load(folder: Path) -> Version:
    version = Version(folder.name, folder, load_model(folder), exported_label_map(str(folder)))
    image = io.BytesIO()
    Image.new("RGB", (64, 64), (127, 127, 127)).save(image, "JPEG")
    (answer,) = version.segment([image.getvalue()])  # the first call takes seconds, so no client should make it
    if isinstance(answer, ModelFault):
        raise UserError(f"{folder}: {answer}")
    return version
