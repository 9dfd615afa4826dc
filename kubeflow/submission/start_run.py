"""From a compiled pipeline to a run of it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from kubeflow.submission.connect import Connection
from kubeflow.submission.read_package import Package
from kubeflow.submission.server_error import ServerError
from schema.user_error import UserError


@dataclass(frozen=True)
class StartedRun:
    """A run that has begun."""

    run_id: str
    version: str  # of the pipeline, by name
    uploaded: bool  # whether that version is new


def start_run(
    connection: Connection, package: Package, *, experiment: str, run_name: str, pipeline_root: str | None
) -> StartedRun:
    """Uploads a pipeline, as a new version where there is one of its name, and runs it.

    A version is named for the file's digest, so the same file is not uploaded again.

    Args:
        connection: to the server.
        package: the pipeline.
        experiment: that the run belongs to; made where there is none of that name.
        run_name: how it is called.
        pipeline_root: where artifacts go, by default where the pipeline or the installation has them.

    Raises:
        UserError: the server refuses, or the connection is lost.
    """
    client, namespace = connection.client, connection.namespace
    with redirect_stdout(io.StringIO()):  # kfp prints links of its own
        pipeline_id, version, uploaded = _version(connection, package)
        found = client.create_experiment(experiment, namespace=namespace)
        try:
            run = client.run_pipeline(
                found.experiment_id,
                run_name,
                pipeline_id=pipeline_id,
                version_id=version.pipeline_version_id,
                pipeline_root=pipeline_root,
            )
        except ServerError as error:
            if not error.passing:
                raise
            raise UserError(f"{error}\nthe run may have started all the same: {connection.ui}/#/runs") from error
    return StartedRun(run.run_id, version.display_name, uploaded)


def _version(connection: Connection, package: Package) -> tuple[str, Any, bool]:
    """The pipeline's id, the version, and whether that had to be uploaded."""
    client, file = connection.client, str(package.path)
    pipelines = client.list_pipelines(filter=_named(package.name), namespace=connection.namespace).pipelines
    if not pipelines:
        pipeline_id = client.upload_pipeline(file, package.name, namespace=connection.namespace).pipeline_id
        # Named as the pipeline is: the server makes the first version on its own.
        versions = client.list_pipeline_versions(pipeline_id, page_size=1, sort_by="created_at desc").pipeline_versions
        if not versions:
            raise UserError(f"the pipeline {package.name} was uploaded, but has no version; submit it again")
        return pipeline_id, versions[0], True
    pipeline_id, name = pipelines[0].pipeline_id, f"{package.name}-{package.digest}"
    versions = client.list_pipeline_versions(pipeline_id, filter=_named(name)).pipeline_versions
    if versions:
        return pipeline_id, versions[0], False
    return pipeline_id, client.upload_pipeline_version(file, name, pipeline_id=pipeline_id), True


def _named(name: str) -> str:
    """Name, not display name: the former is what has to be unique, and every server since 2.0 knows it."""
    return json.dumps({"predicates": [{"operation": "EQUALS", "key": "name", "stringValue": name}]})
