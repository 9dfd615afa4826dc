from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from apache_beam.runners.portability.local_job_service import LocalJobServicer
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer

from pipeline.beam.probe import JOB_SERVICE, WORKER_POOL, probe
from tests.pipeline.beam.impostors import mute, nobody, web_server


@pytest.fixture(scope="module")
def services():
    """Beam's own, in this process."""
    job_service = LocalJobServicer()
    address, pool = BeamFnExternalWorkerPoolServicer.start()
    yield {JOB_SERVICE: f"localhost:{job_service.start_grpc_server()}", WORKER_POOL: address}
    job_service.stop()
    pool.stop(0)


@pytest.mark.parametrize("service", [JOB_SERVICE, WORKER_POOL])
def test_the_services_themselves(services, service):
    assert probe(services[service], service) == ""


def test_one_for_the_other(services):
    wrong = "what listens there does not answer as a Beam {} (unimplemented)"
    assert probe(services[JOB_SERVICE], WORKER_POOL) == wrong.format(WORKER_POOL)
    assert probe(services[WORKER_POOL], JOB_SERVICE) == wrong.format(JOB_SERVICE)


@pytest.mark.parametrize("service", [JOB_SERVICE, WORKER_POOL])
def test_impostors(service):
    with nobody() as address:
        assert probe(address, service) == "nothing can be reached there (Connection refused)"
    with web_server() as address:
        assert probe(address, service) == f"what listens there does not answer as a Beam {service} (unavailable)"
    with mute() as address:
        began = time.monotonic()
        told = probe(address, service, seconds=1)
        assert told == f"what listens there does not answer as a Beam {service} (deadline_exceeded)"
        assert time.monotonic() - began < 5


def test_a_grpc_server_without_services():
    server = grpc.server(ThreadPoolExecutor(1))
    port = server.add_insecure_port("localhost:0")
    server.start()
    assert "(unimplemented)" in probe(f"localhost:{port}", JOB_SERVICE)
    server.stop(0)


def test_a_host_that_does_not_exist():
    assert probe("no-such-host.invalid:8099", JOB_SERVICE).startswith("nothing can be reached there (")
