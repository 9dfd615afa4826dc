"""What training is handed: frozen norms, arithmetic, and complaints about batches of few images."""

import logging

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.network.evaluation_network import evaluation_network
from models.network.model_settings import ModelSettings
from models.recipe.distribution import distribution
from models.recipe.segmentation_loss import SegmentationLoss
from models.recipe.training_settings import TrainingSettings
from models.training.build_network import build_network
from models.training.checkpoints import Checkpoints
from models.training.training_log import TrainingLog
from schema.label_map import LabelMap
from schema.user_error import UserError
from tests.models.tiny_backbone import SETTINGS, TINY, tiny_backbone

__all__ = ["tiny_backbone"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny_backbone")]

LABEL_MAP = LabelMap(("dark", "grey", "bright"), ((0, 0, 0),) * 3)
IMAGES = np.random.default_rng(0).uniform(0, 255, (5, 2, 32, 32, 3)).astype(np.float32)
LABELS = (IMAGES[..., 0] // 100).astype(np.int64)


def build(model: ModelSettings = SETTINGS, **training) -> keras.Model:
    settings = TrainingSettings(**{"steps": 5, "batch_size": 2, "learning_rate": 0.1, **training})
    keras.utils.set_random_seed(1)
    return build_network(model, settings, LABEL_MAP, distribution(settings), SegmentationLoss())


def fit(network: keras.Model) -> list[float]:
    """The losses of five steps."""
    log = TrainingLog()
    network.fit(tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)), callbacks=[log], verbose=0)
    return [step.loss for step in log.steps]


@pytest.fixture
def pretrained(tmp_path) -> ModelSettings:
    """Settings with weights in a file, whose batch norm is not as a new one is."""
    plain = TINY.create(SETTINGS, (32, 32, 3), None)
    for layer in plain.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([np.full(8, value, np.float32) for value in (1.5, 0.25, 0.5, 2.0)])
    path = tmp_path / "tiny.weights.h5"
    plain.save_weights(path)
    return SETTINGS.model_copy(update={"weights": str(path)})


def norms(network: keras.Model) -> dict[str, list[np.ndarray]]:
    layers = [*network.get_layer("mobilenet_v2").layers, *network.layers]
    return {layer.name: layer.get_weights() for layer in layers if isinstance(layer, keras.layers.BatchNormalization)}


@pytest.mark.parametrize("batch_norm", ["train", "frozen"])
def test_frozen_norms_stay_as_loaded_and_those_of_the_head_train(pretrained, batch_norm):
    network = build(pretrained, batch_norm=batch_norm)
    before = norms(network)
    assert {name for name in before if name.startswith(("stem", "sixteenth"))} == {"stem_bn", "sixteenth_bn"}
    fit(network)
    moved = {
        name
        for name, after in norms(network).items()
        if not all(np.array_equal(ours, theirs) for ours, theirs in zip(after, before[name], strict=True))
    }
    assert moved == set(before) - ({"stem_bn", "sixteenth_bn"} if batch_norm == "frozen" else set())
    exported = evaluation_network(network, pretrained, len(LABEL_MAP))
    for name, weights in norms(exported).items():
        np.testing.assert_array_equal(weights, norms(network)[name])


def test_frozen_norms_compute_with_their_statistics_in_training(pretrained):
    backbone = build(pretrained, batch_norm="frozen").get_layer("mobilenet_v2")
    stem = keras.Model(backbone.inputs, [backbone.get_layer(name).output for name in ("stem", "stem_bn")])
    convolved, normed = (value.numpy() for value in stem(IMAGES[0], training=True))
    np.testing.assert_allclose(normed, (convolved - 0.5) / np.sqrt(2.0 + 1e-3) * 1.5 + 0.25, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(
    ("changes", "warned"),
    [({"batch_size": 11}, True), ({"batch_size": 12}, False), ({"batch_size": 2, "batch_norm": "frozen"}, False)],
)
def test_few_images_for_loaded_norms_are_warned_of(pretrained, caplog, changes, warned):
    with caplog.at_level(logging.WARNING, "segpipe.training"):
        build(pretrained, **changes)
    assert [record.message.startswith("batch norm takes") for record in caplog.records] == [True] * warned


def test_from_scratch_there_is_no_choice_and_no_warning(caplog):
    with caplog.at_level(logging.WARNING, "segpipe.training"):
        build()
    assert not caplog.records


def test_one_image_a_device_is_refused_with_image_pooling():
    with pytest.raises(UserError, match=r"one image a device .* two or more, or model.image_pooling: false"):
        build(batch_size=1)
    assert build(SETTINGS.model_copy(update={"image_pooling": False}), batch_size=1).optimizer.built


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_computes_in_half_and_keeps_float32(precision):
    network = build(precision=precision)
    assert keras.config.dtype_policy().name == "float32"
    half = precision.removeprefix("mixed_")
    assert network.get_layer("aspp_project").compute_dtype == half
    assert network.get_layer("mobilenet_v2").get_layer("stem").compute_dtype == half
    assert network.output.dtype == "float32" and {weight.dtype for weight in network.weights} == {"float32"}
    losses = fit(network)
    exact = fit(build())
    assert losses == pytest.approx(exact, rel=0.05) and losses != exact
    exported = evaluation_network(network, SETTINGS, len(LABEL_MAP))
    assert {layer.compute_dtype for layer in exported._flatten_layers()} == {"float32"}
    ours, theirs = network(IMAGES[0], training=False).numpy(), exported(IMAGES[0], training=False).numpy()
    np.testing.assert_allclose(ours, theirs, atol=0.05 * np.abs(theirs).max())


@pytest.mark.parametrize(
    "recipe", [{"clip_norm": 1.0, "backbone_learning_rate": 0.1}, {"optimizer": "adamw", "learning_rate": 0.01}]
)
def test_loss_scaling_survives_a_restart(tmp_path, recipe):
    def train(directory: str, last: int) -> keras.Model:
        network, log = build(precision="mixed_float16", **recipe), TrainingLog()
        checkpoints = Checkpoints(directory, every=2, log=log)
        first = checkpoints.restore(network)
        data = tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).skip(first).take(last - first)
        network.fit(data, callbacks=[log, checkpoints], verbose=0)
        return network

    whole = train(str(tmp_path / "whole"), 5)
    train(str(tmp_path / "cut"), 3)
    resumed = train(str(tmp_path / "cut"), 5)
    for ours, theirs in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    ours, theirs = ([variable.numpy() for variable in each.optimizer.variables] for each in (resumed, whole))
    for value, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(value, other)
    assert int(whole.optimizer.step_counter) == int(whole.optimizer.iterations) == 5


def test_a_step_whose_gradients_overflow_is_left_out_and_scaled_down():
    network = build(precision="mixed_float16", clip_norm=1.0)
    network.optimizer.dynamic_scale.assign(2.0**100)
    before = [weight.numpy() for weight in network.trainable_weights]
    network.train_on_batch(IMAGES[0], LABELS[0])
    assert float(network.optimizer.dynamic_scale) == 2.0**99
    for weight, value in zip(network.trainable_weights, before, strict=True):
        np.testing.assert_array_equal(weight, value)


def test_a_compiled_step_is_the_same_step():
    network = build(jit_compile=True)
    assert network.jit_compile
    assert fit(network) == pytest.approx(fit(build()), rel=1e-3)
