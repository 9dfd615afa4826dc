"""Whether there is something to train on and something to measure on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

import tensorflow as tf

from models.data.is_held_out import is_held_out
from schema.user_error import UserError

_LOG = logging.getLogger("segpipe.training")


def check_held_out(files: Sequence[str], share: float) -> None:
    """Says how many images are held out.

    Args:
        files: gzipped TFRecord files of the record contract.
        share: `training.held_out`.

    Raises:
        UserError: none are, or all.
    """
    records = tf.data.TFRecordDataset(files, compression_type="GZIP")
    held_out = [bool(flag) for flag in records.map(partial(is_held_out, share=share)).as_numpy_iterator()]
    count, total = sum(held_out), len(held_out)
    if not 0 < count < total:
        raise UserError(
            f"training.held_out: {share} of the train split's {total} images leaves {count} to measure on and "
            f"{total - count} to train on (they are chosen by a hash of their names); expected some of both: "
            "give another share, or more images"
        )
    _LOG.info("%d of %d images are held out", count, total)
