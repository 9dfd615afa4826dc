import numpy as np
import pytest

from components.report.training_curve import training_curve


def test_a_short_training_has_a_point_a_step():
    curve = training_curve([4.0, 1.0, 2.0, 0.0], [0.1, 0.2, 0.1, 0.0])
    assert (curve.steps, curve.top, curve.first, curve.last, curve.top_rate) == (4, 4.0, 4.0, 0.0, 0.2)
    assert curve.loss == [(0.125, 0.0), (0.375, 0.75), (0.625, 0.5), (0.875, 1.0)]
    assert [y for _, y in curve.rate] == [0.5, 0.0, 0.5, 1.0]
    assert curve.band == curve.loss + curve.loss[::-1]


def test_a_long_one_is_shown_by_neighbouring_steps():
    losses = np.tile([1.0, 3.0, 2.0, 2.0], 240)  # 960 steps: four a point, of mean 2, least 1 and largest 3
    curve = training_curve(losses, np.full(960, 0.5))
    assert len(curve.loss) == 240 and len(curve.band) == 480
    assert [y for _, y in curve.loss] == pytest.approx([1 / 3] * 240)
    assert [y for _, y in curve.band] == pytest.approx([0.0] * 240 + [2 / 3] * 240)


def test_the_wild_steps_of_the_start_do_not_press_the_rest_flat():
    curve = training_curve([1000.0, *[2.0] * 239], [0.1] * 240)
    assert curve.top == 2.0 and curve.first == 1000.0
    assert curve.loss[0][1] == 0.0 == curve.loss[1][1]


def test_nothing_learned_and_nothing_trained():
    assert training_curve([0.0], [0.0]).loss == [(0.5, 1.0)]
    assert training_curve([], []) is None


def test_held_out_images_stand_where_they_were_measured():
    curve = training_curve([1.0] * 10, [0.1] * 10, [(3, 0.25), (6, 0.75), (10, 0.75)])
    assert curve.held_out == [(0.25, 0.75), (0.55, 0.25), (0.95, 0.25)]
    assert curve.best == (6, 0.75)
    assert (training_curve([1.0], [0.1]).held_out, training_curve([1.0], [0.1]).best) == ([], None)
