import pytest

from schema.record import size_name


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ((1, 1), "up to 256"),
        ((256, 256), "up to 256"),
        ((128, 512), "up to 256"),
        ((256, 257), "256 to 512"),
        ((500, 375), "256 to 512"),
        ((1024, 1024), "512 to 1024"),
        ((4000, 3000), "over 1024"),
    ],
)
def test_sizes_are_told_by_their_pixels(size, name):
    assert size_name(*size) == name
