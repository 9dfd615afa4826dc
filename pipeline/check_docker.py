"""Whether there is a Docker that a run could use."""

from __future__ import annotations

import os

from pipeline.config import Config
from schema.user_error import UserError

_SECONDS = 10  # until a daemon has to answer


def check_docker(config: Config) -> None:
    """Asks the daemon, where the configuration needs one: hours before the component that would.

    Raises:
        UserError: none answers.
    """
    if config.servability.tensorflow_serving is None:
        return
    import docker
    from docker.errors import DockerException
    from requests import RequestException

    try:
        # As TFX asks it: by DOCKER_HOST, which `infra_validator` hands on, or at Docker's own socket.
        client = docker.DockerClient(base_url=os.environ.get("DOCKER_HOST"), timeout=_SECONDS)
        try:
            client.ping()
        finally:
            client.close()
    except (DockerException, RequestException) as error:
        raise UserError(
            "servability.tensorflow_serving: no Docker daemon answers; start Docker, name it in DOCKER_HOST, or leave "
            f"that key out: {' '.join(str(error).split())}"
        ) from error
