"""A fair choice from what comes by."""

from __future__ import annotations

import random
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Reservoir(Generic[Item]):
    """Keeps some of the items that it is given, each of them equally likely; of the same items always the same.

    Args:
        size: items kept, at most.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._random = random.Random(0)
        self._kept: list[tuple[int, Item]] = []
        self._given = 0

    def add(self, item: Item) -> None:
        if len(self._kept) < self._size:
            self._kept.append((self._given, item))
        elif (place := self._random.randrange(self._given + 1)) < self._size:
            self._kept[place] = (self._given, item)
        self._given += 1

    @property
    def items(self) -> list[Item]:
        """Those kept, in the order in which they came."""
        return [item for _, item in sorted(self._kept, key=lambda kept: kept[0])]
