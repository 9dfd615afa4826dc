"""What the images of TFRecords are called."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count
from pathlib import Path

from pipeline.prediction.find_images import ImageFile, RecordFile
from pipeline.prediction.read_record_images import RecordImage


class RecordNames:
    """Gives each a name that no other image has.

    Args:
        sources: whose images have names already.
    """

    def __init__(self, sources: Iterable[ImageFile | RecordFile]) -> None:
        # In lower case, because some file systems make no difference.
        self._taken = {source.name.lower() for source in sources if isinstance(source, ImageFile)}

    def of(self, path: Path, image: RecordImage) -> str:
        """After its `image/filename`, if it has one that no image before it has, or else after its file and position.

        Args:
            path: of the TFRecord file.
            image: of it. They are to be named in their order.
        """
        place = f"{path.name.split('.')[0]}-{image.position:06d}"
        # Files may begin alike, as `train.tfrecord-00000-of-00002` and `train.tfrecord-00001-of-00002` do.
        wanted = chain([image.wanted, place], (f"{place}-{number}" for number in count(2)))
        name = next(name for name in wanted if name and name.lower() not in self._taken)
        self._taken.add(name.lower())
        return name
