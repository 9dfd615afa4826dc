"""What a configuration says of the cluster, if a cluster can do with it."""

from __future__ import annotations

import re

from kubeflow.settings import KubeflowSettings
from pipeline.config import Config
from schema.user_error import UserError


def cluster_settings(config: Config, target: str) -> KubeflowSettings:
    """Reads the section `kubeflow`.

    Args:
        config: the run.
        target: one of `check_spec.TARGETS`.

    Raises:
        UserError: there is no such section, a part of the run needs Docker, or the run's name or one of its places
            is not for the target.
    """
    settings = config.kubeflow
    if settings is None:
        raise UserError("the configuration has no section kubeflow; it needs image, data, serving and checkpoints")
    if not re.fullmatch("[a-z0-9]([-a-z0-9]{0,126}[a-z0-9])?", config.name):
        raise UserError(f"name: {config.name} is no pipeline's name on Kubeflow; use lower-case letters, digits and -")
    if config.servability.tensorflow_serving:
        raise UserError(
            "servability.tensorflow_serving: TFX's InfraValidator does not compile for Kubeflow; leave that key out, "
            "as --set servability.tensorflow_serving=null does"
        )
    if target == "vertex":
        for key in ("data", "serving", "checkpoints", "statistics"):
            place = getattr(settings, key)
            if place and not place.startswith(("gs://", "/gcs/")):
                raise UserError(f"kubeflow.{key}: {place} is no place on Vertex AI; use gs://BUCKET/… or /gcs/BUCKET/…")
    return settings
