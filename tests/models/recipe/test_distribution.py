"""Several devices do what one does."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from models.recipe.distribution import distribution
from models.recipe.training_settings import TrainingSettings
from schema.user_error import UserError
from tests.conftest import ROOT

THREE = [SimpleNamespace(name=f"CPU:{index}") for index in range(3)]


def test_a_batch_that_cannot_be_shared_out_is_refused(monkeypatch):
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind: THREE if kind == "GPU" else [])
    with pytest.raises(UserError, match=r"16 images cannot be shared out evenly among 3 devices"):
        distribution(TrainingSettings(batch_size=16, distribution="mirrored"))


def test_one_device_needs_no_strategy():
    assert distribution(TrainingSettings()) is tf.distribute.get_strategy()


@pytest.fixture(scope="module")
def results(transform, tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("two_devices")
    graph = str(Path(transform.transform_savedmodel_dir).parent)
    command = [sys.executable, "-m", "tests.models.recipe.two_devices", str(folder), graph]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads((folder / "results.json").read_text())


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 1e-4), ("mixed_float16", 2e-2)])
def test_two_devices_take_the_same_steps_as_one(results, precision, tolerance):
    one, two = results["steps"]["float32 one"], results["steps"][f"{precision} mirrored"]
    np.testing.assert_allclose(two["losses"], one["losses"], rtol=tolerance)
    np.testing.assert_allclose(two["weights"], one["weights"], atol=tolerance)
    assert one["losses"][-1] != one["losses"][0]
    assert two["pixels"] == one["pixels"] == 4 * 4 * 8 * 8  # at the resolution of the logits


@pytest.mark.slow
def test_a_training_on_two_devices_goes_on_at_its_checkpoint(results):
    runs = results["runs"]
    assert runs["left"] == "step-00000002.weights.h5"
    assert runs["cut"] == runs["whole"]
    assert len(runs["whole"].splitlines()) == 1 + 5
