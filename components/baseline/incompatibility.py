"""Whether two exported models can be measured against each other."""

from __future__ import annotations

from google.protobuf.message import DecodeError
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel
from tfx.dsl.io import fileio

from schema.exported_label_map import exported_label_map
from schema.user_error import UserError


def incompatibility(candidate: str, baseline: str, signature: str) -> str | None:
    """Why `baseline` cannot be evaluated beside `candidate`, or None when it can.

    Args:
        candidate, baseline: SavedModel folders.
        signature: the signature that evaluation calls.
    """
    try:
        for which, path in (("candidate", candidate), ("baseline", baseline)):
            names = _signatures(path)
            if signature not in names:
                return f"the {which} has no signature {signature}, only {', '.join(sorted(names)) or 'none'}"
        ours, theirs = exported_label_map(candidate), exported_label_map(baseline)
    except UserError as error:
        return str(error)
    if ours.names != theirs.names:
        changed = sorted(set(ours.names) ^ set(theirs.names))
        what = f"differing in {', '.join(changed)}" if changed else "in another order"
        return f"the baseline has {len(theirs)} classes, the candidate {len(ours)}, {what}"
    return None


def _signatures(path: str) -> set[str]:
    with fileio.open(f"{path}/saved_model.pb", "rb") as file:
        try:
            saved_model = SavedModel.FromString(file.read())
        except DecodeError as error:
            raise UserError(f"{path}/saved_model.pb is broken") from error
    return {name for graph in saved_model.meta_graphs for name in graph.signature_def}
