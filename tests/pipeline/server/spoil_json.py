"""Spoils what becomes JSON."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def spoil_json(random: np.random.Generator, node: Any) -> Any:
    """One of its values or keys is another."""
    if not random.integers(4) or not isinstance(node, dict | list) or not node:
        odd: list[Any] = [None, True, 0, -1.5, math.nan, 10**400, "", "\ud800", "é" * 9, [], {}, [[]], {"b64": {}}]
        odd += [{"b64": ""}, {"b64": "===="}, {"b64": "\0"}, [{"b64": "AAAA"}] * 3, {"a": node}, [node]]
        return odd[random.integers(len(odd))]
    if isinstance(node, list):
        at = int(random.integers(len(node)))
        return [*node[:at], spoil_json(random, node[at]), *node[at + 1 :]]
    key = sorted(node)[random.integers(len(node))]
    if random.integers(4):
        return {**node, key: spoil_json(random, node[key])}
    return {("\udfff", "", "b64", "image_bytes", "instances", key * 999)[random.integers(6)]: node[key], **node}
