"""What the values in a dataset's masks stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from schema.label_map import INVALID, LabelMap
from schema.record import VOID
from schema.user_error import UserError

Color = tuple[int, int, int]


@dataclass(frozen=True)
class Legend:
    """A label map, and further values that mean void: Cityscapes has fifteen ids of them, a label map one.

    Args:
        label_map: the classes.
        void_ids: ids that are void, beside `label_map.void_id`; 0..65535.
        void_colors: colours that are void; a label map has none.

    Raises:
        UserError: a void id is out of range or a class's.
    """

    label_map: LabelMap
    void_ids: tuple[int, ...] = ()
    void_colors: tuple[Color, ...] = ()

    def __post_init__(self) -> None:
        for id_ in self.void_ids:
            if not 0 <= id_ < 2**16:
                raise UserError(f"void ids must lie in 0..65535, got {id_}")
            if id_ in self.label_map.ids:
                name = self.label_map.names[self.label_map.ids.index(id_)]
                raise UserError(f"id {id_} cannot be void: the label map has it as class {name}")

    @cached_property
    def by_id(self) -> np.ndarray:
        """`[65536] int16`: an id -> class index, `VOID`, or `INVALID` for one that stands for nothing."""
        table = np.full(2**16, INVALID, np.int16)
        table[:256] = self.label_map.lookup
        table[list(self.void_ids)] = VOID
        return table

    @cached_property
    def by_color(self) -> dict[int, int]:
        """The same by colour, red << 16 | green << 8 | blue, in ascending order.

        Raises:
            UserError: a colour stands for two things.
        """
        meanings: dict[int, int] = {}
        for colors, classes in (
            (self.label_map.colors, range(len(self.label_map))),
            (self.void_colors, [VOID] * len(self.void_colors)),
        ):
            for (red, green, blue), class_ in zip(colors, classes, strict=True):
                other = meanings.setdefault(red << 16 | green << 8 | blue, class_)
                if other != class_:
                    names = " and ".join("void" if c == VOID else self.label_map.names[c] for c in (other, class_))
                    raise UserError(
                        f"colour {red},{green},{blue} is {names}: masks of colours need a colour of its own for each"
                    )
        return dict(sorted(meanings.items()))
