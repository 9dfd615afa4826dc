from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

from pipeline.beam.beam_args import beam_args
from pipeline.beam.installed_versions import installed_versions
from pipeline.beam.preflight import preflight
from pipeline.beam.settings import BeamSettings
from schema.user_error import UserError
from tests.pipeline.beam.impostors import mute, nobody, web_server
from tests.pipeline.beam.services import job_service, options, worker_pool

SAME_IMAGE = "let the workers run in the image of this pipeline, or in the same environment"


def args(service: str, pool: str) -> list[str]:
    return beam_args(BeamSettings(runner="portable", options=options(service, pool)), "Transform")


def refusal(service: str, pool: str, seconds: int, bound: float, folder: str | None = None) -> str:
    """What is said, within `bound` seconds."""
    began = time.monotonic()
    with pytest.raises(UserError) as caught:
        preflight(args(service, pool), folder, seconds)
    assert time.monotonic() - began < bound
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with job_service(tmp_path_factory.mktemp("service")) as address:
        yield address


@pytest.fixture
def block(tmp_path) -> Path:
    """A folder whose `sitecustomize` a worker's Python runs first of all."""
    (tmp_path / "first").mkdir()
    return tmp_path / "first"


def test_nothing_is_asked_of_other_runners(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    dataflow = {"project": "p", "region": "r", "temp_location": "gs://t", "sdk_container_image": "i"}
    preflight([])
    preflight(beam_args(BeamSettings(), "Transform"))
    preflight(beam_args(BeamSettings(runner="dataflow", options=dataflow), "Transform"))


@pytest.mark.parametrize(
    ("impostor", "told"),
    [
        (nobody, "nothing can be reached there (Connection refused)"),
        (web_server, "what listens there does not answer as a Beam job service (unavailable)"),
        (mute, "what listens there does not answer as a Beam job service (deadline_exceeded)"),
    ],
)
def test_no_job_service(impostor, told):
    with impostor() as address:
        assert refusal(address, "localhost:1", seconds=1, bound=5) == (
            f"no Beam job service at {address} (option job_endpoint): {told}; start one, such as Flink's job server, "
            "or give its address"
        )


@pytest.mark.slow
def test_good_workers(service, tmp_path, caplog, monkeypatch):
    (tmp_path / "run").mkdir()
    (tmp_path / "pipeline").mkdir()  # not ours, though in the working directory
    monkeypatch.chdir(tmp_path)
    with worker_pool(tmp_path) as pool, caplog.at_level(logging.INFO, "segpipe.beam"):
        preflight(args(service, pool), str(tmp_path / "run"))
    asked, answered = (record.getMessage() for record in caplog.records if record.name == "segpipe.beam")
    assert asked == f"asking the workers of PortableRunner at {service} for a sign of life, up to 120 s"
    assert answered.endswith(" s, with the same versions as here")
    assert not list((tmp_path / "run").iterdir())


@pytest.mark.slow
def test_no_worker_pool(service):
    with nobody() as pool:
        told = refusal(service, pool, seconds=60, bound=40)
    assert told.startswith(f"a small job for the workers of PortableRunner at {service} failed: failed to connect to ")
    assert f"; their worker pool is {pool} (option environment_config), and from here nothing can be reached" in told
    assert told.endswith("; look into the logs of job service and workers, or raise beam.timeout")


@pytest.mark.slow
def test_a_worker_pool_that_never_answers(service):
    with mute() as pool:
        told = refusal(service, pool, seconds=8, bound=35)
    assert told.startswith(f"the workers of PortableRunner at {service} have not finished a small job within 8 s; ")
    assert f"{pool} (option environment_config), and from here what listens there does not answer as a Beam wor" in told


@pytest.mark.slow
def test_workers_that_lack_beam_die_at_once(service, tmp_path):
    with worker_pool(tmp_path, python=f'exec {sys.executable} -S "$@"') as pool:
        told = refusal(service, pool, seconds=12, bound=35)
        log = (tmp_path / "worker_pool.log").read_text()
    assert "No module named 'apache_beam'" in log
    assert told.startswith(f"the workers of PortableRunner at {service} have not finished a small job within 12 s; ")
    assert f"{pool} (option environment_config), and from here it answers, so the workers that it starts may" in told


@pytest.mark.slow
def test_workers_that_lack_our_code(service, tmp_path, block):
    (block / "sitecustomize.py").write_text(
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'pipeline':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}')\n"
        "sys.meta_path.insert(0, Finder())\n"
    )
    with worker_pool(tmp_path, first=block) as pool:
        told = refusal(service, pool, seconds=60, bound=40)
    assert told == f"the workers of PortableRunner at {service} have no module pipeline: {SAME_IMAGE}"


@pytest.mark.slow
def test_workers_of_other_versions(service, tmp_path, block):
    (block / "sitecustomize.py").write_text(
        "from importlib import metadata\n"
        "original = metadata.version\n"
        "metadata.version = lambda name: {'apache-beam': '2.1', 'tfx': '9.9'}.get(name) or original(name)\n"
    )
    with worker_pool(tmp_path, first=block) as pool:
        told = refusal(service, pool, seconds=60, bound=40)
    ours = installed_versions()
    assert told == (
        f"the workers of PortableRunner at {service} have Beam 2.1 (here {ours['Beam']}) and TFX 9.9 "
        f"(here {ours['TFX']}): {SAME_IMAGE}"
    )


@pytest.mark.slow
def test_workers_whose_beam_refuses_ours(service, tmp_path, block):
    (block / "sitecustomize.py").write_text("import apache_beam.version\napache_beam.version.__version__ = '2.1.0'\n")
    with worker_pool(tmp_path, first=block) as pool:
        told = refusal(service, pool, seconds=60, bound=40)
    beam = installed_versions()["Beam"]
    assert told == f"the workers of PortableRunner at {service} have Beam 2.1.0 (here {beam}): {SAME_IMAGE}"


@pytest.mark.slow
def test_workers_that_write_elsewhere(service, tmp_path, monkeypatch):
    for name in ("theirs", "ours"):
        (tmp_path / name / "run").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "ours")
    with worker_pool(tmp_path / "theirs") as pool:
        told = refusal(service, pool, seconds=60, bound=40, folder="run")
    assert told == (
        f"what the workers of PortableRunner at {service} write in run is not seen here: give both the same volume "
        "at the same path, or keep the run's folders in a bucket (gs://)"
    )
    (written,) = (tmp_path / "theirs" / "run").iterdir()
    assert written.name.startswith(".worker-")


class _Stuck(beam_job_api_pb2_grpc.JobServiceServicer):
    """Knows its options, and takes a job without ever coming back."""

    def DescribePipelineOptions(self, request, context):  # noqa: N802
        return beam_job_api_pb2.DescribePipelineOptionsResponse()

    def Prepare(self, request, context):  # noqa: N802
        time.sleep(40)


@pytest.mark.slow
def test_what_hangs_is_killed(monkeypatch):
    started, popen = [], subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    server = grpc.server(ThreadPoolExecutor(2))
    beam_job_api_pb2_grpc.add_JobServiceServicer_to_server(_Stuck(), server)
    service = f"localhost:{server.add_insecure_port('localhost:0')}"
    server.start()
    with nobody() as pool:
        told = refusal(service, pool, seconds=5, bound=30)
    server.stop(0)
    assert told.startswith(f"the workers of PortableRunner at {service} have not finished a small job within 5 s; ")
    assert [process.returncode for process in started] == [-signal.SIGKILL]
