"""Where an artifact lies for everybody, and not for the task alone that has a copy of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfx import types

STORE_URI = "store_uri"  # a custom property, on orchestrators whose tasks work on copies


def origin(artifact: types.Artifact) -> str:
    """Its URI in the object store, if this is a copy, else its own."""
    return artifact.get_string_custom_property(STORE_URI) or artifact.uri


def stored_id(artifact: types.Artifact) -> int | None:
    """Its id in the metadata store, where known: what TFX gives a copy for an id is a hash of that."""
    return None if artifact.has_custom_property(STORE_URI) else artifact.id or None
