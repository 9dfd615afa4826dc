"""A trial in TensorFlow Serving itself: wiring only."""

from __future__ import annotations

import os

from tfx.components import InfraValidator
from tfx.proto import infra_validator_pb2 as protos
from tfx.types.channel import BaseChannel

from pipeline.config import Config
from schema.signatures import EXAMPLE_SIGNATURE

_TRIES = 2  # a daemon may be busy; a model that cannot be loaded is not loaded the fifth time either


def infra_validator(config: Config, image: str, *, examples: BaseChannel, model: BaseChannel) -> InfraValidator:
    """Loads a model into a container of TensorFlow Serving on this machine, and asks it for masks.

    Args:
        config: the run.
        image: `servability.tensorflow_serving`.
        examples: from ExampleGen.
        model: the candidate.
    """
    name, _, tag = image.rpartition(":")
    settings = config.servability
    return InfraValidator(
        model=model,
        examples=examples,
        serving_spec=protos.ServingSpec(
            tensorflow_serving=protos.TensorFlowServing(image_name=name, tags=[tag]),
            # Docker's own client looks there, TFX does not by itself.
            local_docker=protos.LocalDockerConfig(client_base_url=os.environ.get("DOCKER_HOST", "")),
        ),
        validation_spec=protos.ValidationSpec(max_loading_time_seconds=settings.timeout_s, num_tries=_TRIES),
        request_spec=protos.RequestSpec(
            tensorflow_serving=protos.TensorFlowServingRequestSpec(signature_names=[EXAMPLE_SIGNATURE]),
            split_name=config.evaluation.split,
            num_examples=settings.images,
        ),
    )
