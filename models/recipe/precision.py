"""What a network computes in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras


@contextmanager
def precision(policy: str) -> Iterator[None]:
    """Layers made inside follow a Keras dtype policy; the global policy is put back afterwards.

    Args:
        policy: `float32`, `mixed_bfloat16` or `mixed_float16` (arXiv 1710.03740): variables are float32 in all of them.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
