"""Which split a record belongs to, where one set of files is for all splits."""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate

import tensorflow as tf


def choose_split(name: str, buckets: Sequence[tuple[str, int]]) -> str:
    """The split of the image `name`: by a hash, so it stays there whatever other images come or go.

    It is the hash of TFX's ExampleGens that are given `partition_feature_name: "image/filename"`.

    Args:
        name: the image's.
        buckets: the splits and their shares, such as `[("train", 9), ("eval", 1)]`.
    """
    if len(buckets) == 1:
        return buckets[0][0]
    feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[name.encode()]))
    limits = list(accumulate(share for _, share in buckets))
    digest = int(hashlib.sha256(feature.SerializeToString(deterministic=True)).hexdigest(), 16)
    return buckets[bisect(limits, digest % limits[-1])][0]
