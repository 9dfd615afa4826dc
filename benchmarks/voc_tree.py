"""Makes trees as PASCAL VOC 2012 comes: images, palette masks and lists.

python -m benchmarks.voc_tree FOLDER COUNT...
"""

import os
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.drawn_mask import drawn_mask
from benchmarks.drawn_photograph import drawn_photograph

CLASSES = 21
PICTURES = 48  # that differ


def voc_tree(folder: Path, counts: list[int]) -> None:
    """Writes `folder/COUNT` for each count: that many images, a fifth of them in val.

    Images are 500x375 JPEGs of about 75 KB. There are 48 of them under many names: the others are links. So the
    files are in memory after the first of them was read, and what is measured is work, not a disk.

    Args:
        folder: an empty one.
        counts: images of each tree.
    """
    for index in range(PICTURES):
        random = np.random.default_rng(index)
        mask = drawn_mask(random, CLASSES)
        Image.fromarray(drawn_photograph(random, mask)).save(folder / f"{index}.jpg", quality=92)
        palette = Image.fromarray(mask)
        palette.putpalette(random.integers(0, 256, 3 * 256, np.uint8).tobytes())
        palette.save(folder / f"{index}.png")
    for count in counts:
        _tree(folder, folder / str(count), count)


def _tree(pictures: Path, root: Path, count: int) -> None:
    stems = [f"2012_{index:06d}" for index in range(count)]
    for name, extension in (("JPEGImages", "jpg"), ("SegmentationClass", "png")):
        (root / name).mkdir(parents=True)
        for index, stem in enumerate(stems):
            os.link(pictures / f"{index % PICTURES}.{extension}", root / name / f"{stem}.{extension}")
    lists = root / "ImageSets" / "Segmentation"
    lists.mkdir(parents=True)
    (lists / "train.txt").write_text("\n".join(stems[count // 5 :]))
    (lists / "val.txt").write_text("\n".join(stems[: count // 5]))


if __name__ == "__main__":
    voc_tree(Path(sys.argv[1]), [int(count) for count in sys.argv[2:]])
