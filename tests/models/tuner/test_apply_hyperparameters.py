import logging
from types import SimpleNamespace

import keras_tuner
import pytest
import yaml
from pydantic import ValidationError

from models import run_fn as run_fn_module
from models.network.model_settings import ModelSettings
from models.recipe.training_settings import TrainingSettings
from models.run_fn import run_fn
from models.training.trainer_settings import TrainerSettings
from models.tuner.apply_hyperparameters import apply_hyperparameters
from models.tuner.hyperparameters_file import read_hyperparameters
from tests.pipeline.conftest import LABEL_MAP

TRAINING = TrainingSettings(steps=7, learning_rate=0.5, held_out=0.25, oversample={"sky": 2})


def test_values_take_the_place_of_the_recipes_own_and_all_else_stays():
    tuned = apply_hyperparameters(TRAINING, {"learning_rate": 0.125, "class_balance": 1})
    assert tuned.model_dump() == TRAINING.model_dump() | {"learning_rate": 0.125, "class_balance": 1.0}
    assert apply_hyperparameters(TRAINING, {}) == TRAINING


@pytest.mark.parametrize("values", [{"class_balance": 2}, {"learning_rate": 0}, {"rate": 1}])
def test_what_is_no_recipe_is_refused(values):
    with pytest.raises(ValidationError):
        apply_hyperparameters(TRAINING, values)


class _TrainedError(Exception):
    pass


@pytest.fixture
def told(monkeypatch, tmp_path):
    """What `run_fn` has trained, and written down before the export, given what the tuner has found."""

    def run(hyperparameters):
        trained = []

        def train(settings, *_):
            trained.append(settings.training)
            nothing = SimpleNamespace(save=lambda *_: None, copy_to=lambda *_: None)
            return SimpleNamespace(log=nothing, events=nothing, validation=None, network=None)

        def export(*_):
            raise _TrainedError

        monkeypatch.setattr(run_fn_module, "train", train)
        monkeypatch.setattr(run_fn_module, "export", export)
        label_map = {"void_id": 255, **yaml.safe_load(LABEL_MAP)}
        settings = TrainerSettings(
            model=ModelSettings(weights="none"), training=TRAINING, label_map=label_map, seed=1, checkpoints="/none"
        )
        with pytest.raises(_TrainedError):
            run_fn(
                SimpleNamespace(
                    train_files=[],
                    transform_graph_path=str(tmp_path),
                    serving_model_dir=str(tmp_path / "serving"),
                    model_run_dir=str(tmp_path / "model_run"),
                    base_model=None,
                    hyperparameters=hyperparameters,
                    custom_config=settings.model_dump(mode="json"),
                )
            )
        return trained[0], read_hyperparameters(str(tmp_path / "model_run"))

    return run


def test_the_trainer_trains_by_what_the_tuner_has_found_and_says_and_notes_so(told, caplog):
    caplog.set_level(logging.INFO, "segpipe.training")
    space = keras_tuner.HyperParameters()
    space.Float("learning_rate", 0.001, 1, sampling="log")
    space.Choice("class_balance", [0.0, 0.5])
    space.values = {"learning_rate": 0.0123456, "class_balance": 0.5}
    training, noted = told(space.get_config())
    assert training == TRAINING.model_copy(update={"learning_rate": 0.0123456, "class_balance": 0.5})
    assert noted == {"learning_rate": 0.0123456, "class_balance": 0.5}
    assert "values of the tuner: learning_rate 0.01235, class_balance 0.5" in caplog.messages


def test_without_a_tuner_the_recipe_is_the_configurations(told):
    assert told(None) == (TRAINING, {})
