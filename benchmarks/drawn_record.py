"""Draws a record as ExampleGen leaves it."""

import io

import numpy as np
from PIL import Image

from benchmarks.drawn_mask import drawn_mask
from benchmarks.drawn_photograph import drawn_photograph
from components.segmentation_example_gen.check_example import check_example
from components.segmentation_example_gen.read_records import Record
from schema.label_map import LabelMap
from schema.make_record import make_record


def drawn_record(
    index: int, label_map: LabelMap, size: tuple[int, int] = (375, 500), image_format: str = "JPEG", quality: int = 90
) -> bytes:
    """A serialized tf.Example of an image and its mask.

    Args:
        index: which of the pictures.
        label_map: of the mask.
        size: height and width in pixels.
        image_format: JPEG or PNG.
        quality: of a JPEG.
    """
    random = np.random.default_rng(index)
    mask = drawn_mask(random, len(label_map), size)
    image = io.BytesIO()
    Image.fromarray(drawn_photograph(random, mask)).save(image, image_format, quality=quality)
    name = f"{index}.{image_format.lower()}"
    example = make_record(image.getvalue(), mask, label_map, filename=name, source="drawn")
    record = Record("drawn", index, example.SerializeToString())
    return check_example(record, label_map).example.SerializeToString()
