"""Which exported model is meant by a path."""

from __future__ import annotations

from pathlib import Path

from schema.user_error import UserError

_SAVED_MODEL = "saved_model.pb"
_PUSHED = "serving"  # where a run's folder has what it pushed


def find_model(place: Path) -> Path:
    """The folder itself where it is a SavedModel, else the highest version in it, or in a run's `serving` folder.

    Raises:
        UserError: there is none.
    """
    if (place / _SAVED_MODEL).is_file():
        return place
    from components.pushed_models.find_pushed import find_pushed

    version = find_pushed(str(place)) or find_pushed(str(place / _PUSHED))
    if version is None:
        raise UserError(
            f"{place}: no model here; expected a run's folder, such as runs/shapes, that has pushed one, a folder of "
            f"numbered versions, or a version with {_SAVED_MODEL} in it, such as runs/shapes/serving/1700000000"
        )
    return Path(version)
