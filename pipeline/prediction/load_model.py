"""An exported model as a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from schema.signatures import IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT
from schema.user_error import UserError
from schema.what_failed import what_failed

Model: TypeAlias = Callable[[Sequence[bytes]], list["Mask | ModelFault"]]


class Mask(bytes):
    """A one-channel PNG of class indices."""


class ModelFault(str):
    """Why the model has no mask for an image."""


def load_model(version: Path) -> Model:
    """A function from encoded images to a mask each, or to the reason why there is none.

    Where a call fails, its images are tried one by one: one that the model cannot stand costs no other its mask.

    Args:
        version: a SavedModel.

    Raises:
        UserError: it cannot be loaded.
    """
    import tensorflow as tf

    try:
        model = tf.saved_model.load(str(version))
        model.signatures[IMAGE_SIGNATURE]
    except (OSError, ValueError, KeyError, tf.errors.OpError) as error:
        raise UserError(
            f"{version}: cannot load the model, expected a SavedModel with the signature {IMAGE_SIGNATURE}: {error}"
        ) from error

    def segment(encoded: Sequence[bytes]) -> list[Mask | ModelFault]:
        if not encoded:
            return []
        try:
            # By way of `model`, to keep it: its variables go with it, though its signature stays.
            masks = model.signatures[IMAGE_SIGNATURE](**{IMAGE_INPUT: tf.constant(list(encoded))})[MASK_OUTPUT]
            return [Mask(mask) for mask in masks.numpy()]
        except tf.errors.OpError as error:
            if len(encoded) > 1:
                return [mask for one in encoded for mask in segment([one])]
            return [ModelFault(f"the model failed: {what_failed(error) or type(error).__name__}")]

    return segment
