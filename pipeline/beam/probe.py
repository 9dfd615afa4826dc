"""Asks whether one of Beam's services is at an address."""

from __future__ import annotations

import socket
from collections.abc import Callable

import grpc
from apache_beam.portability.api import (
    beam_fn_api_pb2,
    beam_fn_api_pb2_grpc,
    beam_job_api_pb2,
    beam_job_api_pb2_grpc,
)

JOB_SERVICE, WORKER_POOL = "job service", "worker pool"

# Calls that change nothing: no worker has this name.
_CALLS: dict[str, Callable[[grpc.Channel, float], object]] = {
    JOB_SERVICE: lambda channel, seconds: beam_job_api_pb2_grpc.JobServiceStub(channel).DescribePipelineOptions(
        beam_job_api_pb2.DescribePipelineOptionsRequest(), timeout=seconds
    ),
    WORKER_POOL: lambda channel, seconds: beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel).StopWorker(
        beam_fn_api_pb2.StopWorkerRequest(worker_id="of nobody"), timeout=seconds
    ),
}


def probe(address: str, service: str, seconds: float = 10) -> str:
    """What is wrong there, in a few words; empty if the service answers.

    Args:
        address: host:port.
        service: `JOB_SERVICE` or `WORKER_POOL`.
        seconds: that a connection may take, and again an answer.
    """
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=seconds).close()
    except OSError as error:
        return f"nothing can be reached there ({error.strerror or error})"
    try:
        with grpc.insecure_channel(address) as channel:
            _CALLS[service](channel, seconds)
    except grpc.RpcError as error:
        return f"what listens there does not answer as a Beam {service} ({error.code().name.lower()})"
    return ""
