import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn

from components.leak_guard.perceptual_hash import perceptual_hash


def photo(seed: int) -> Image.Image:
    """Blotches of colour, the larger the stronger, as in photographs; another seed is another picture."""
    rng, image = np.random.default_rng(seed), Image.new("RGB", (320, 240), (128, 128, 128))
    for cells in (24, 12, 6, 3):
        blotches = Image.fromarray(rng.integers(0, 256, (cells, cells, 3), np.uint8))
        image = Image.blend(blotches.resize(image.size, Image.Resampling.BICUBIC), image, 0.6)
    return image


def distance(one: Image.Image, other: Image.Image) -> int:
    first, second = (int.from_bytes(perceptual_hash(np.asarray(image)), "big") for image in (one, other))
    return (first ^ second).bit_count()


def test_it_is_the_low_frequencies_above_their_median():
    """Of a grey picture of the hash's own size, by SciPy's DCT; the first bit is that of the mean."""
    grey = np.random.default_rng(3).integers(0, 256, (32, 32), np.uint8)
    low = dctn(grey.astype(float), type=2)[:8, :8].ravel()
    expected = "".join("1" if value > np.median(low[1:]) else "0" for value in low)
    found = perceptual_hash(np.repeat(grey[..., None], 3, axis=2))
    assert f"{int.from_bytes(found, 'big'):064b}" == expected


@pytest.mark.parametrize("size", [(160, 120), (227, 170), (640, 480)])
def test_another_size_is_near(size):
    assert max(distance(photo(seed), photo(seed).resize(size)) for seed in range(20)) <= 4


def test_brighter_is_near():
    assert max(distance(photo(seed), photo(seed).point(lambda level: level + 20)) for seed in range(20)) <= 4


def test_other_pictures_are_far():
    assert min(distance(photo(seed), photo(other)) for seed in range(10) for other in range(seed)) > 10


def test_mirrored_is_far():
    assert distance(photo(0), photo(0).transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 10
