"""The loss against numpy, written out."""

import numpy as np
import pytest
import tensorflow as tf

from models.recipe.segmentation_loss import SegmentationLoss

WEIGHTS = [1.0, 0.25, 4.0, 1.0]


@pytest.fixture(scope="module")
def batch() -> tuple[np.ndarray, np.ndarray]:
    """Labels of three classes and void, and logits of four: the last is never the truth."""
    random = np.random.default_rng(0)
    return random.choice([0, 1, 2, 255], (2, 5, 4)), random.normal(size=(2, 5, 4, 4)).astype(np.float32)


def _valid_pixels(labels, logits) -> list[tuple[int, np.ndarray]]:
    """(label, scores in float64) of each."""
    pairs = zip(labels.ravel(), logits.reshape(-1, logits.shape[-1]).astype(np.float64), strict=True)
    return [(label, scores) for label, scores in pairs if label != 255]


def _cross_entropy(labels, logits, weights, share=1.0) -> float:
    pixels = [
        (weights[label] * (np.log(np.exp(scores).sum()) - scores[label]), weights[label])
        for label, scores in _valid_pixels(labels, logits)
    ]
    pixels = sorted(pixels, reverse=True)[: int(np.ceil(share * len(pixels)))]
    return sum(loss for loss, _ in pixels) / sum(weight for _, weight in pixels)


def _dice(labels, logits) -> float:
    pixels = _valid_pixels(labels, logits)
    scores = []
    for class_ in sorted({label for label, _ in pixels}):
        both = squares = 0.0
        for label, logit in pixels:
            guess, truth = np.exp(logit[class_]) / np.exp(logit).sum(), float(label == class_)
            both += guess * truth
            squares += guess**2 + truth**2
        scores.append(2 * both / squares)
    return 1 - sum(scores) / len(scores)


def _loss_and_gradient(loss: SegmentationLoss, labels, logits) -> tuple[float, np.ndarray]:
    logits = tf.Variable(np.asarray(logits, np.float32))
    with tf.GradientTape() as tape:
        value = loss(np.asarray(labels), logits)
    return float(value), tape.gradient(value, logits).numpy()


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("share", [1.0, 0.35])
def test_cross_entropy_equals_the_definition(batch, weights, share):
    expected = _cross_entropy(*batch, weights or [1.0] * 4, share)
    np.testing.assert_allclose(SegmentationLoss(weights, hard_pixels=share)(*batch), expected, rtol=1e-5)


def test_dice_equals_the_definition_and_is_added(batch):
    expected = _cross_entropy(*batch, WEIGHTS, 0.35) + 3 * _dice(*batch)
    np.testing.assert_allclose(SegmentationLoss(WEIGHTS, hard_pixels=0.35, dice=3)(*batch), expected, rtol=1e-5)


def test_in_a_graph_it_is_as_eagerly(batch):
    loss = SegmentationLoss(WEIGHTS, hard_pixels=0.35, dice=3)
    labels, logits = batch
    in_graph = tf.function(lambda labels, logits: loss(labels, logits), autograph=False)(labels, tf.constant(logits))
    np.testing.assert_allclose(in_graph, loss(labels, logits), rtol=1e-6)


def test_only_the_hardest_pixels_pull():
    # Two of five valid pixels count; the void one, which would be the worst of all, does not.
    labels = [[[0, 0, 0, 0, 0, 255]]]
    logits = [[[[0.0, 3.0], [0.0, 1.0], [0.0, 2.0], [0.0, -1.0], [0.0, 0.0], [0.0, 99.0]]]]
    loss, gradient = _loss_and_gradient(SegmentationLoss(hard_pixels=0.4), labels, logits)
    assert loss == pytest.approx((np.log1p(np.exp(3)) + np.log1p(np.exp(2))) / 2)
    # The gradient of cross-entropy is softmax less truth; the mean is over two.
    of_three, of_two = 1 / (1 + np.exp(-3)) / 2, 1 / (1 + np.exp(-2)) / 2
    expected = [[-of_three, of_three], [0, 0], [-of_two, of_two], [0, 0], [0, 0], [0, 0]]
    np.testing.assert_allclose(gradient[0, 0], expected, rtol=1e-5)


def test_one_pixel_at_least_counts_and_equals_are_not_all_kept():
    labels, logits = np.array([[[0, 1, 0, 255]]]), np.zeros((1, 1, 4, 2), np.float32)
    loss, gradient = _loss_and_gradient(SegmentationLoss(hard_pixels=0.01), labels, logits)
    assert loss == pytest.approx(np.log(2))
    assert np.count_nonzero(gradient.any(axis=-1)) == 1


def test_class_weights_rank_pixels_too():
    # The first is the harder, ln(1 + e) against ln 2, but a class that weighs five times as much comes before it.
    labels, logits = np.array([[[0, 1]]]), np.array([[[[0.0, 1.0], [0.0, 0.0]]]], np.float32)
    assert float(SegmentationLoss(hard_pixels=0.5)(labels, logits)) == pytest.approx(np.log1p(np.e))
    weighted = SegmentationLoss([1.0, 5.0], hard_pixels=0.5)(labels, logits)
    assert float(weighted) == pytest.approx(np.log(2))  # 5 ln 2 over a weight of 5


def test_dice_of_a_right_guess_is_nothing_and_of_a_wrong_one_everything():
    labels = np.array([[[0, 1, 255]]])
    right = np.array([[[[60.0, 0.0, 0.0], [0.0, 60.0, 0.0], [0.0, 0.0, 60.0]]]], np.float32)
    cross_entropy, with_dice = SegmentationLoss(), SegmentationLoss(dice=1)
    assert float(with_dice(labels, right)) == pytest.approx(0, abs=1e-6)
    wrong = right[..., [2, 0, 1]]
    assert float(with_dice(labels, wrong) - cross_entropy(labels, wrong)) == pytest.approx(1)


def test_dice_counts_over_the_batch_not_by_image():
    # Guesses of a half for two classes, which fill 4 and 1 of 5 pixels of two images. By hand:
    # 2 * 4/2 / (5/4 + 4) and 2 * 1/2 / (5/4 + 1).
    labels = np.array([[[0, 0, 0, 0]], [[1, 255, 255, 255]]])
    logits = np.zeros((2, 1, 4, 2), np.float32)
    dice = SegmentationLoss(dice=1)(labels, logits) - SegmentationLoss()(labels, logits)
    assert float(dice) == pytest.approx(1 - (4 / 5.25 + 1 / 2.25) / 2)


@pytest.mark.parametrize("options", [{}, {"hard_pixels": 0.5}, {"dice": 1.0}])
def test_void_pixels_pull_at_nothing(options):
    _, gradient = _loss_and_gradient(SegmentationLoss(**options), [[[0, 255]]], [[[[1.0, 2.0], [3.0, -4.0]]]])
    assert np.abs(gradient[0, 0, 0]).min() > 0.1
    np.testing.assert_array_equal(gradient[0, 0, 1], 0)


@pytest.mark.parametrize("options", [{}, {"hard_pixels": 0.5}, {"dice": 1.0}])
def test_a_batch_of_void_has_no_loss_and_no_nan(options):
    loss, gradient = _loss_and_gradient(SegmentationLoss(**options), np.full((1, 2, 2), 255), np.ones((1, 2, 2, 3)))
    assert loss == 0.0
    np.testing.assert_array_equal(gradient, 0)


def test_logits_are_brought_to_the_labels_size():
    labels = np.repeat(np.array([0, 1]), 8).reshape(1, 1, 16).repeat(16, axis=1)
    logits = np.zeros((1, 4, 4, 2), np.float32)
    logits[..., :2, 0] = logits[..., 2:, 1] = 50.0
    assert float(SegmentationLoss(dice=1)(labels, logits)) < 0.2  # nonzero only where the two halves blend


@pytest.mark.parametrize("precision", [tf.bfloat16, tf.float16])
def test_the_loss_of_half_precision_logits_is_float32(precision):
    # 70 000 pixels are more than float16 counts, and 256 times more than bfloat16 tells apart.
    labels, logits = np.zeros((1, 280, 250), np.int64), tf.zeros((1, 280, 250, 2), precision)
    loss = SegmentationLoss(hard_pixels=0.999, dice=1)(labels, logits)
    assert loss.dtype == tf.float32
    # Cross-entropy ln 2; Dice of the one class there is 2 * n/2 over n/4 + n.
    assert float(loss) == pytest.approx(np.log(2) + 1 - 1 / 1.25, rel=1e-5)


def test_a_replica_has_the_loss_of_its_batch(batch):
    labels, logits = batch
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    with strategy.scope():
        loss = SegmentationLoss(hard_pixels=0.35, dice=3)
    of_replica = strategy.run(tf.function(lambda: loss(labels, tf.constant(logits)), autograph=False))
    np.testing.assert_allclose(of_replica, loss(labels, logits), rtol=1e-6)
