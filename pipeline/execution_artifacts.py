"""What an execution in a metadata store read and made."""

from __future__ import annotations

from ml_metadata.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2
from tfx import types
from tfx.types import artifact_utils


def execution_artifacts(store: MetadataStore, execution: metadata_store_pb2.Execution) -> dict[str, types.Artifact]:
    """Its inputs and outputs, by the names that its component has for them."""
    events = store.get_events_by_execution_ids([execution.id])
    artifacts = {artifact.id: artifact for artifact in store.get_artifacts_by_id([e.artifact_id for e in events])}
    kinds = {kind.id: kind for kind in store.get_artifact_types_by_id({a.type_id for a in artifacts.values()})}
    return {
        event.path.steps[0].key: artifact_utils.deserialize_artifact(
            kinds[artifacts[event.artifact_id].type_id], artifacts[event.artifact_id]
        )
        for event in events
    }
