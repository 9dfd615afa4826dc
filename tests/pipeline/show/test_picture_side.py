import pytest

from pipeline.show.picture_side import picture_side


@pytest.mark.parametrize(("pictures", "side"), [(0, 360), (1, 360), (46, 360), (60, 316), (600, 100), (10**6, 48)])
def test_many_pictures_are_small_ones(pictures, side):
    """Together at most 6 000 000 pixels: 60 of 316x316 are 5 991 360."""
    assert picture_side(pictures) == side
