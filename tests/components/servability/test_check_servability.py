"""The verdict on a model that was tried in a process of its own, and on a process that did not live to say."""

import stat

import numpy as np
import pytest
import tensorflow as tf

from components.servability import check_servability as module
from components.servability.check_servability import check_servability
from components.servability.settings import ServabilitySettings
from tests.components.report.fake_model import encode
from tests.components.servability.planted import CLASSES, save_planted

pytestmark = pytest.mark.slow

LEVELS = np.array([[0, 150, 250], [250, 250, 0]])
CONFUSION = [[2, 0, 0, 0], [0, 0, 1, 0], [0, 0, 3, 0]]  # the truth below has the 1 for a 1, the model for a 2


def _record(image: bytes, mask: np.ndarray) -> bytes:
    png = tf.io.encode_png(tf.constant(mask[..., None], tf.uint8)).numpy()
    return tf.train.Example(
        features=tf.train.Features(
            feature={
                key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
                for key, value in (("image/encoded", image), ("image/segmentation/class/encoded", png))
            }
        )
    ).SerializeToString()


RECORDS = [_record(encode(np.where(LEVELS == 150, 250, LEVELS)), np.array([[0, 1, 2], [2, 2, 0]]))]


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    return save_planted(tmp_path_factory.mktemp("planted") / "model")


def check(model: str, evaluated=None, **limits):
    return check_servability(model, RECORDS, CLASSES, ServabilitySettings(**limits), evaluated)


def test_a_good_one_passes_within_generous_limits_and_what_it_took_is_told(model):
    verdict = check(model, CONFUSION, max_latency_ms=60_000, max_memory_mb=16_000)
    assert (verdict["passed"], verdict["faults"], verdict["trials"]) == (True, [], 22)
    assert 0 < verdict["latency_ms"] < 60_000 and 100 < verdict["memory_mb"] < 16_000


def test_limits_and_another_evaluation_are_faults(model):
    verdict = check(model, [[3, 0, 0, 0], *CONFUSION[1:]], max_latency_ms=0.001, max_memory_mb=1)
    latency, memory, masks = verdict["faults"]
    assert latency.startswith("latency: ") and latency.endswith(" more than the 0.001 ms of servability.max_latency_ms")
    assert memory.startswith("memory: ") and memory.endswith(" more than the 1 MB of servability.max_memory_mb")
    assert masks == "its masks of the evaluated images are not those that the Evaluator counted"
    assert not verdict["passed"]


def test_a_model_that_cannot_be_loaded(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"nonsense")
    verdict = check(str(tmp_path))
    (fault,) = verdict["faults"]
    assert fault.startswith("loading: ") and not verdict["passed"] and verdict["trials"] == 1


def test_time_is_limited(model):
    verdict = check(model, timeout_s=1)
    (fault,) = verdict["faults"]
    assert fault.endswith("not done after the 1 s of servability.timeout_s") and not verdict["passed"]


def test_a_process_that_dies_is_a_fault_of_what_it_was_doing(model, tmp_path, monkeypatch):
    """As by an op that brings the whole process down."""
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\necho \'{"begin": "loading"}\n{"trial": "loading", "fault": null}\n'
        '{"begin": "a PNG with alpha"}\' > "$4"\nkill -SEGV $$\n'
    )
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(module.sys, "executable", str(python))
    verdict = check(model)
    assert verdict["faults"] == ["a PNG with alpha: the process was killed by SIGSEGV"]
    assert (verdict["passed"], verdict["trials"], verdict["memory_mb"]) == (False, 1, None)


def test_a_python_that_does_not_start_says_why(model, tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no such module' >&2\nexit 3\n")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(module.sys, "executable", str(python))
    assert check(model)["faults"] == ["starting: the process ended with 3: no such module"]
