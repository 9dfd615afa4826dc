"""One labelled image as a tf.train.Example of the record contract."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from schema import record
from schema.build_record import build_record
from schema.check_image import check_image
from schema.encode_mask import encode_mask
from schema.label_map import LabelMap
from schema.record_error import RecordError


def make_record(image: bytes, mask: np.ndarray, label_map: LabelMap, *, filename: str, source: str) -> tf.train.Example:
    """Checks a labelled image and puts it in the record contract.

    Args:
        image: a JPEG or PNG file; its bytes are passed through untouched.
        mask: `[H, W] uint8` class indices (positions in the label map), 255 = void.
        label_map: only its number of classes matters here.
        filename: the image's name, kept in the record and used in error messages.
        source: the dataset's name.

    Raises:
        RecordError: the image is not a whole JPEG or PNG or too large, or the mask is of another size or holds an
            index outside the label map.
        TypeError: the mask is not `[H, W] uint8`.
    """
    if mask.ndim != 2 or mask.dtype != np.uint8:
        raise TypeError(f"{filename}: a mask is [H, W] uint8, got {list(mask.shape)} {mask.dtype}")
    checked = check_image(image, mask.shape, name=filename)
    is_unknown = (mask >= len(label_map)) & (mask != record.VOID)
    if is_unknown.any():
        unknown = np.unique(mask[is_unknown])
        kind = "mask ids outside the label map"
        raise RecordError(
            filename,
            kind,
            f"{kind}: {', '.join(map(str, unknown[:5]))}{', ...' if len(unknown) > 5 else ''}; "
            f"expected 0..{len(label_map) - 1} or {record.VOID} (void)",
        )
    return build_record(image, checked, encode_mask(mask), filename=filename, source=source)
