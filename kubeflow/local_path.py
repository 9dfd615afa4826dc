"""Where the launcher of Kubeflow Pipelines has its copies of what is in the object store."""

from __future__ import annotations

FOLDERS = {"minio": "minio", "s3": "s3", "gs": "gcs"}  # by the scheme of the URI


def local_path(uri: str, root: str = "/") -> str | None:
    """The path of the copy, as `/minio/BUCKET/KEY` for `minio://BUCKET/KEY`; None for what the launcher does not copy.

    Args:
        uri: of an artifact.
        root: the folder that holds `minio/`, `s3/` and `gcs/`: `/` on a cluster.
    """
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme not in FOLDERS:
        return None
    return f"{root.rstrip('/')}/{FOLDERS[scheme]}/{rest}"
