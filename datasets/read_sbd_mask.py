"""Reads the mask in a MATLAB file of SBD."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from schema.user_error import UserError

_MAGIC = b"MATLAB 5.0 MAT-file"


def read_sbd_mask(path: Path) -> np.ndarray:
    """`[H, W] uint8` class indices of `GTcls.Segmentation`; SBD has no void.

    Raises:
        UserError: the file is missing or damaged, is no MATLAB 5 file, or holds no such mask.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
            if start != _MAGIC:  # of anything else, loadmat may make a MATLAB 4 file
                raise UserError(f"{path}: expected a MATLAB 5 file of SBD's dataset/cls, got one that starts {start!r}")
            file.seek(0)
            annotation = loadmat(file, variable_names=["GTcls"]).get("GTcls")
    except UserError:
        raise
    except OSError as error:
        raise UserError(f"{path}: cannot read the mask: {error}") from error
    except Exception as error:  # the parser lets out zlib.error, ValueError, TypeError and more
        raise UserError(f"{path}: cannot read the mask, expected a whole MATLAB 5 file: {error}") from error
    if annotation is None:
        raise UserError(f"{path}: holds no GTcls, expected a file of SBD's dataset/cls (not of dataset/inst)")
    if not (annotation.size and annotation.dtype.names and "Segmentation" in annotation.dtype.names):
        raise UserError(f"{path}: GTcls has no field Segmentation, expected SBD's struct")
    mask = annotation.flat[0]["Segmentation"]
    if not (isinstance(mask, np.ndarray) and mask.ndim == 2 and mask.size and mask.dtype == np.uint8):
        got = f"{list(mask.shape)} {mask.dtype}" if isinstance(mask, np.ndarray) else type(mask).__name__
        raise UserError(f"{path}: GTcls.Segmentation is {got}, expected [H, W] uint8")
    return np.ascontiguousarray(mask)
