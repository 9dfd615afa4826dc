"""Where the candidate's SavedModel is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tfx.types import Artifact
from tfx.utils import path_utils

from components.baseline.properties import MODEL


def candidate_path(inputs: Mapping[str, Sequence[Artifact]]) -> str | None:
    """Of the component's inputs; None where it was given no candidate."""
    if not inputs.get(MODEL):
        return None
    (model,) = inputs[MODEL]
    return path_utils.serving_model_path(model.uri, path_utils.is_old_model_artifact(model))
