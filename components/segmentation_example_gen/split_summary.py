"""What there is to say of the records of a split."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from components.segmentation_example_gen.check_example import CheckedExample
from components.segmentation_example_gen.read_records import BadRecord
from schema import record as keys

SHOWN = 10  # bad records kept with their reasons
_NAMES = 3  # images named of each value
_VALUES = 100  # values of a feature; `image/source` may hold anything
_LENGTH = 300  # characters of a text; a name may hold anything as well

_NUMBERS = (keys.HEIGHT, keys.WIDTH, keys.VOID_FRACTION)
_FEW_VALUED = (
    keys.SIZE,
    keys.IMAGE_FORMAT,
    keys.SOURCE,
    keys.CHANNELS,
    keys.PALETTE_MASK,
    keys.CLASSES_PRESENT,
)


@dataclass
class SplitSummary:
    """Counts of good and bad records, and where their features come from: small, whatever the split.

    Args:
        good: records that can be used.
        bad: records set aside.
        reasons: bad records by their kind of fault.
        examples: [file, position, reason] of the first bad records.
        notes: good records by what was put right in them.
        features: of a number `{"min": [value, name], "max": [value, name]}`, with the image that has it; of others, by
            value as text, `[images, [the first names]]`. Of a feature with very many values, the first in the
            alphabet.
    """

    good: int = 0
    bad: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[list] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    features: dict[str, dict[str, list]] = field(default_factory=dict)

    def add(self, checked: CheckedExample) -> None:
        """Counts a good record."""
        self.good += 1
        self.notes.update(checked.notes)
        name = checked.name[:_LENGTH]
        features = checked.example.features.feature
        for key in _NUMBERS:
            self._number(key, [_values(features[key])[0], name], [_values(features[key])[0], name])
        for key in _FEW_VALUED:
            for value in _values(features[key]):
                text = value.decode() if isinstance(value, bytes) else str(value)
                self._value(key, text[:_LENGTH], 1, [name])

    def set_aside(self, bad: BadRecord) -> None:
        """Counts a bad record."""
        self.bad += 1
        self.reasons[bad.kind or bad.reason] += 1
        if len(self.examples) < SHOWN:
            reason = bad.reason if len(bad.reason) <= _LENGTH else f"{bad.reason[:_LENGTH]} …"
            self.examples.append([bad.file, bad.position, reason])

    def merge(self, behind: SplitSummary) -> None:
        """Adds the summary of records that come behind these."""
        self.good += behind.good
        self.bad += behind.bad
        self.reasons += behind.reasons
        self.examples = [*self.examples, *behind.examples][:SHOWN]
        self.notes += behind.notes
        for key, found in behind.features.items():
            if key in _NUMBERS:
                self._number(key, found["min"], found["max"])
            else:
                for text, (count, names) in found.items():
                    self._value(key, text, count, names)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**vars(self), "reasons": dict(self.reasons), "notes": dict(self.notes)}

    def _number(self, key: str, low: list, high: list) -> None:
        found = self.features.setdefault(key, {"min": low, "max": high})
        if low[0] < found["min"][0]:
            found["min"] = low
        if high[0] > found["max"][0]:
            found["max"] = high

    def _value(self, key: str, text: str, count: int, names: list[str]) -> None:
        found = self.features.setdefault(key, {})
        before, named = found.get(text, (0, []))
        found[text] = [before + count, [*named, *names][:_NAMES]]
        if len(found) > _VALUES:
            del found[max(found)]


def _values(feature: Any) -> list:
    return getattr(feature, feature.WhichOneof("kind")).value if feature.WhichOneof("kind") else []
