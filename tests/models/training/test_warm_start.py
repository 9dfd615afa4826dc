"""From an exported model back to a network in training."""

import logging
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.network.architecture import save_architecture
from models.network.deeplab_v3_plus import deeplab_v3_plus
from models.network.model_settings import ModelSettings
from models.run_fn import run_fn
from models.serving_model import export
from models.training.checkpoint_key import checkpoint_key
from models.training.trainer_settings import TrainerSettings
from models.training.warm_start import warm_start
from schema.label_map import LabelMap
from schema.user_error import UserError
from tests.models.conftest import INPUT_SIZE
from tests.models.tiny_backbone import SETTINGS, tiny_backbone
from tests.models.training_run import fn_args

__all__ = ["tiny_backbone"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny_backbone")]

MODEL = SETTINGS.model_copy(update={"input_size": INPUT_SIZE})


def classes(*names: str) -> LabelMap:
    return LabelMap(names, ((0, 0, 0),) * len(names))


BEFORE = classes("sky", "road", "car", "tree")


@pytest.fixture(scope="module")
def exported(transform, tiny_backbone, tmp_path_factory) -> tuple[str, keras.Model]:
    """The folder of a model and the network in it."""
    keras.utils.set_random_seed(1)
    network = deeplab_v3_plus(MODEL, len(BEFORE))
    random = np.random.default_rng(0)
    network.set_weights([random.uniform(0.1, 1, weight.shape).astype(np.float32) for weight in network.weights])
    folder = str(tmp_path_factory.mktemp("model"))
    export(network, MODEL, transform, BEFORE, folder, tmp_path_factory.mktemp("scratch"))
    save_architecture(MODEL, folder)
    return folder, network


def started(folder: str, label_map: LabelMap, settings: ModelSettings = MODEL) -> keras.Model:
    network = deeplab_v3_plus(settings, len(label_map))
    warm_start(network, folder, settings, label_map)
    return network


def test_every_weight_arrives_at_other_sizes_and_strides_too(exported):
    folder, network = exported
    changes = {"input_size": (64, 64), "output_stride": 8, "dropout": 0.5, "batch_norm_momentum": 0.5}
    ours = started(folder, BEFORE, MODEL.model_copy(update=changes))
    for weight, before in zip(ours.weights, network.weights, strict=True):
        np.testing.assert_array_equal(weight.numpy(), before.numpy())


def test_the_weights_are_stored_once(exported):
    folder, network = exported
    (data,) = (Path(folder) / "variables").glob("variables.data*")
    floats = sum(np.prod(weight.shape) for weight in network.weights)
    assert floats * 4 <= data.stat().st_size < floats * 4 * 1.5 + 20_000


def test_classes_that_stay_keep_their_part_of_the_last_layer(exported, caplog):
    folder, network = exported
    with caplog.at_level(logging.INFO, "segpipe.training"):
        ours = started(folder, classes("car", "bus", "sky"))
    assert caplog.messages == [
        "starting from the weights of the model pushed last (new classes: bus; gone: road, tree)"
    ]
    (kernel, bias), (old_kernel, old_bias) = (each.get_layer("logits").get_weights() for each in (ours, network))
    np.testing.assert_array_equal(kernel[..., [0, 2]], old_kernel[..., [2, 0]])
    np.testing.assert_array_equal(bias[[0, 2]], old_bias[[2, 0]])
    assert bias[1] == 0 and not np.isin(kernel[..., 1], old_kernel).any()
    np.testing.assert_array_equal(
        ours.get_layer("aspp_project").get_weights()[0], network.get_layer("aspp_project").get_weights()[0]
    )


def test_another_architecture_is_named(exported):
    other = MODEL.model_copy(update={"activation": "swish", "aspp_filters": 8})
    with pytest.raises(UserError) as refused:
        started(exported[0], BEFORE, other)
    assert str(refused.value) == (
        'training.initialize_from: the pushed model has model.aspp_filters: 4, model.activation: "relu", the '
        'configuration 8, "swish"; configure the network as it was, or unset training.initialize_from to start from '
        "model.weights"
    )


def test_a_model_of_somebody_else_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"has no readable assets\.extra/architecture\.json"):
        started(str(tmp_path), BEFORE)


def test_a_checkpoint_is_of_the_weights_that_the_training_started_from(exported, tmp_path):
    settings = TrainerSettings(model=MODEL, training={}, label_map=BEFORE.to_dict(), seed=1, checkpoints="c")

    def key(base_model: str | None) -> str:
        return checkpoint_key(settings, ["file"], "graph", base_model)

    folder, index = Path(exported[0]), "variables/variables.index"
    (tmp_path / "copy" / "variables").mkdir(parents=True)
    (tmp_path / "copy" / index).write_bytes((folder / index).read_bytes())
    assert key(str(folder)) == key(str(tmp_path / "copy")) != key(None)
    (tmp_path / "copy" / index).write_bytes(b"of other weights")
    assert key(str(folder)) != key(str(tmp_path / "copy"))


def test_a_run_starts_from_what_was_pushed_and_the_first_from_nothing(transform, records_file, tmp_path, caplog):
    def run(name: str, base_model: Path, learning_rate: float) -> dict[str, np.ndarray]:
        recipe = {"steps": 2, "batch_size": 2, "learning_rate": learning_rate, "initialize_from": "pushed"}
        graph = str(Path(transform.transform_savedmodel_dir).parent)
        arguments = fn_args(tmp_path / name, records_file, graph, **recipe) | {"base_model": str(base_model)}
        run_fn(SimpleNamespace(**arguments))
        exported = tf.train.load_checkpoint(str(tmp_path / name / "serving" / "variables" / "variables"))
        keys = [key for key in exported.get_variable_to_shape_map() if key.startswith("weights/")]
        return {key: exported.get_tensor(key) for key in keys if "moving" not in key}

    with caplog.at_level(logging.INFO, "segpipe.training"):
        first = run("first", tmp_path / "nothing", learning_rate=0.1)
        second = run("second", tmp_path / "first" / "serving", learning_rate=1e-9)
    said = [message for message in caplog.messages if "start" in message]
    assert said == [
        "nothing has been pushed yet: starting from model.weights: none",
        "starting from the weights of the model pushed last",
    ]
    assert len(first) > 20
    for key, weight in first.items():
        np.testing.assert_allclose(second[key], weight, atol=1e-6)
