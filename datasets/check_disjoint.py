"""No image in two splits: a model would be measured on what it was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from datasets.sample import Sample
from schema.user_error import UserError


def check_disjoint(splits: Mapping[str, Sequence[Sample]]) -> None:
    """Looks at the file names of the samples, whatever their sources: SBD has images of VOC's under the same names.

    Raises:
        UserError: a name is in two splits.
    """
    names = {split: {sample.filename for sample in samples} for split, samples in splits.items()}
    for one, other in combinations(names, 2):
        both = sorted(names[one] & names[other])
        if both:
            raise UserError(
                f"{len(both)} image{'' if len(both) == 1 else 's'} would be in both {one} and {other}, "
                f"e.g. {both[0]}; expected disjoint splits"
            )
