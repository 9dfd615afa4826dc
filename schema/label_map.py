"""The label map: which classes a dataset has, what they look like, and which id means void."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import yaml

from schema.record import MAX_CLASSES, VOID
from schema.user_error import UserError

FILE_NAME = "label_map.yaml"
INVALID = -1


@dataclass(frozen=True)
class LabelMap:
    """Class names, colours and ids of a dataset.

    A class is known by its index (its position here) from ExampleGen on. `ids` are what the dataset's own masks
    hold; for most datasets both are the same, but ADE20K for instance keeps 0 for void and starts at 1.

    Args:
        names: one name a class.
        colors: one (red, green, blue), 0..255, a class.
        ids: the id of each class in the dataset's masks; by default its index.
        void_id: the id in the dataset's masks that stands for "not to be counted".

    Raises:
        UserError: when the parts contradict each other.
    """

    names: tuple[str, ...]
    colors: tuple[tuple[int, int, int], ...]
    ids: tuple[int, ...] = ()
    void_id: int = VOID

    def __post_init__(self) -> None:
        if not self.ids:
            object.__setattr__(self, "ids", tuple(range(len(self.names))))
        if not 2 <= len(self.names) <= MAX_CLASSES:
            raise UserError(f"a label map needs 2 to {MAX_CLASSES} classes, got {len(self.names)}")
        if not len(self.names) == len(self.colors) == len(self.ids):
            raise UserError(
                f"a label map needs one colour and one id for each of its {len(self.names)} classes, "
                f"got {len(self.colors)} colours and {len(self.ids)} ids"
            )
        for what, values in (("names", self.names), ("ids", (*self.ids, self.void_id))):
            repeated = sorted({str(value) for value in values if values.count(value) > 1})
            if repeated:
                raise UserError(f"label map {what} must differ (the void id included), repeated: {', '.join(repeated)}")
        if not all(0 <= value <= 255 for value in (*self.ids, self.void_id)):
            raise UserError(f"label map ids must lie in 0..255, got {self.ids} and void {self.void_id}")
        if not all(len(color) == 3 and all(0 <= value <= 255 for value in color) for color in self.colors):
            raise UserError("label map colours are three numbers in 0..255 each")

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def lookup(self) -> np.ndarray:
        """`[256] int16`: a dataset's mask id -> class index, `VOID`, or `INVALID` for an id outside the label map."""
        table = np.full(256, INVALID, np.int16)
        table[list(self.ids)] = np.arange(len(self))
        table[self.void_id] = VOID
        return table

    @cached_property
    def palette(self) -> np.ndarray:
        """`[256, 3] uint8` colours by class index; void is white."""
        table = np.zeros((256, 3), np.uint8)
        table[: len(self)] = self.colors
        table[VOID] = 255
        return table

    def to_dict(self) -> dict:
        """The form `from_dict` reads: plain lists, fit for YAML and JSON."""
        return {
            "void_id": self.void_id,
            "classes": [
                {"id": id_, "name": name, "color": list(color)}
                for id_, name, color in zip(self.ids, self.names, self.colors, strict=True)
            ],
        }

    @classmethod
    def from_dict(cls, value: dict) -> LabelMap:
        """Raises UserError when `value` is not what `to_dict` gives."""
        try:
            classes = value["classes"]
            return cls(
                names=tuple(str(entry["name"]) for entry in classes),
                colors=tuple((int(red), int(green), int(blue)) for red, green, blue in (e["color"] for e in classes)),
                ids=tuple(int(entry.get("id", index)) for index, entry in enumerate(classes)),
                void_id=int(value.get("void_id", VOID)),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(
                "a label map is `void_id: 255` and `classes:`, a list of `{id: 0, name: sky, color: [70, 130, 180]}`; "
                f"could not read {type(error).__name__}: {error}"
            ) from error

    @classmethod
    def load(cls, path: str | Path) -> LabelMap:
        """Reads a YAML file. Raises UserError naming the file when it is missing or not a label map."""
        try:
            value = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise UserError(f"{path}: cannot read the label map: {error}") from error
        try:
            return cls.from_dict(value)
        except UserError as error:
            raise UserError(f"{path}: {error}") from error

    def save(self, path: str | Path) -> None:
        Path(path).write_text(
            yaml.safe_dump(self.to_dict(), sort_keys=False, default_flow_style=None), encoding="utf-8"
        )
