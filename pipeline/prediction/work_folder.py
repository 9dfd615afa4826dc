"""What predicting workers are told, and tell, through a folder that all of them see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.prediction.find_images import ImageFile, RecordFile
from pipeline.prediction.read_record_images import read_record_images
from pipeline.prediction.record_names import RecordNames
from pipeline.prediction.write_outcome import Outcome
from pipeline.write_file import write_file
from schema.user_error import UserError

_FILES = 16  # images in a part: four calls of the model


class WorkFolder:
    """Work in numbered parts. In files, because a Beam graph with a hundred thousand paths in it is too large for some.

    Args:
        folder: an existing one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_out(self, sources: Sequence[ImageFile | RecordFile]) -> list[int]:
        """Writes what there is to do, a TFRecord file undivided. Names of its images are settled here, by reading it.

        Returns:
            How many images each part has.
        """
        names = RecordNames(sources)
        sizes = []
        for number, part in enumerate(_parts(sources)):
            told: list[tuple[str, str | list[str]]] = []
            for source in part:
                if isinstance(source, ImageFile):
                    told.append((str(source.path), source.name))
                else:
                    images = read_record_images(source.path)
                    told.append(
                        (
                            str(source.path),
                            [names.of(source.path, image) if not image.fault else "" for image in images],
                        )
                    )
            write_file(self._told(number), json.dumps(told).encode())
            sizes.append(sum(1 if isinstance(name, str) else len(name) for _, name in told))
        return sizes

    def part(self, number: int) -> list[ImageFile | RecordFile]:
        """What there is to do in a part."""
        told = json.loads(self._told(number).read_bytes())
        return [
            ImageFile(Path(path), names) if isinstance(names, str) else RecordFile(Path(path), tuple(names))
            for path, names in told
        ]

    def hand_in(self, number: int, outcomes: Sequence[Outcome], error: str = "") -> None:
        """Tells what became of a part's images, and, in words for the user, why it ended early, if it did."""
        write_file(self._done(number), json.dumps([outcomes, error]).encode())

    def done(self) -> set[int]:
        """The parts that have been handed in."""
        # In one look: the folder may be on another machine, and the parts thousands.
        return {int(path.name.partition(".")[0]) for path in self._folder.glob("*.done.json")}

    def outcomes(self, number: int) -> Iterator[Outcome]:
        """What became of a part's images, in their order.

        Raises:
            UserError: it ended early.
        """
        outcomes, error = json.loads(self._done(number).read_bytes())
        yield from (Outcome(*outcome) for outcome in outcomes)
        if error:
            raise UserError(error)

    def _told(self, number: int) -> Path:
        return self._folder / f"{number}.json"

    def _done(self, number: int) -> Path:
        return self._folder / f"{number}.done.json"


def _parts(sources: Sequence[ImageFile | RecordFile]) -> Iterator[list[ImageFile | RecordFile]]:
    part: list[ImageFile | RecordFile] = []
    for source in sources:
        if part and (isinstance(source, RecordFile) or isinstance(part[0], RecordFile) or len(part) == _FILES):
            yield part
            part = []
        part.append(source)
    if part:
        yield part
