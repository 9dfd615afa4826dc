"""A training does what its settings ask for."""

import numpy as np
import pytest

from models.training import train as module
from models.training.trainer_settings import TrainerSettings
from tests.models.training_run import fn_args


def test_the_loss_is_the_one_that_is_asked_for(transform, records_file, tmp_path, monkeypatch):
    class BuiltError(Exception):
        pass

    def build_network(model, training, label_map, strategy, loss, *_):
        raise BuiltError(loss)

    monkeypatch.setattr(module, "build_network", build_network)
    args = fn_args(tmp_path, records_file, transform._transform_output_dir, hard_pixels=0.5, dice=3.0)
    with pytest.raises(BuiltError) as caught:
        module.train(
            TrainerSettings.model_validate(args["custom_config"]), args["train_files"], args["transform_graph_path"]
        )
    (loss,) = caught.value.args
    # Two pixels: the harder one's cross-entropy is ln(1 + e). Of the class there, 1 and 1 pixel are guessed 1/2 and
    # 1/(1 + e).
    labels, logits = np.array([[[0, 0]]]), np.array([[[[0.0, 0.0], [0.0, 1.0]]]], np.float32)
    guesses = np.array([1 / 2, 1 / (1 + np.e)])
    dice = 1 - 2 * guesses.sum() / ((guesses**2).sum() + 2)
    assert float(loss(labels, logits)) == pytest.approx(np.log1p(np.e) + 3 * dice)
