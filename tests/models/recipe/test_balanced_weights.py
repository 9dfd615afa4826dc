"""Class weights by hand."""

from models.recipe.balanced_weights import balanced_weights


def test_balanced_weights_by_hand():
    assert balanced_weights([100, 400, 25], 1.0) == [1.0, 0.25, 4.0]
    assert balanced_weights([100, 400, 25], 0.5) == [1.0, 0.5, 2.0]
    assert balanced_weights([100, 400, 25], 0.0) == [1.0, 1.0, 1.0]
    assert balanced_weights([100, 0, 400], 1.0) == [2.5, 1.0, 0.625]  # median of 100 and 400 is 250
    assert balanced_weights([0, 0], 1.0) == [1.0, 1.0]
