import io

import numpy as np
import pytest
from PIL import Image

from datasets.shapes import SHAPES_LABEL_MAP, shapes_samples
from schema.user_error import UserError


@pytest.fixture(scope="module")
def drawn():
    return {split: [s.load() for s in of_split] for split, of_split in shapes_samples(24, 8, seed=5).items()}


def test_same_seed_same_bytes_whatever_the_number_and_the_order(drawn):
    again = shapes_samples(3, 2, seed=5)
    for split, indices in (("val", (1, 0)), ("train", (2, 0, 1))):
        for index in indices:
            image, mask = again[split][index].load()
            assert image == drawn[split][index][0]
            np.testing.assert_array_equal(mask, drawn[split][index][1])


def test_no_image_repeats_in_or_across_splits_and_seeds(drawn):
    images = [image for of_split in drawn.values() for image, _ in of_split]
    images += [sample.load()[0] for sample in shapes_samples(2, 2, seed=6)["train"]]
    assert len(set(images)) == len(images) == 34


def test_global_random_state_is_left_alone():
    np.random.seed(0)
    expected = np.random.RandomState(0).random()
    shapes_samples(1, 1)["train"][0].load()
    assert np.random.random() == expected


def test_images_are_jpegs_of_many_sizes_with_masks_of_theirs(drawn):
    sizes = set()
    for image, mask in drawn["train"]:
        with Image.open(io.BytesIO(image)) as decoded:
            assert (decoded.format, decoded.mode) == ("JPEG", "RGB")
            assert decoded.size == mask.shape[::-1]
        assert mask.dtype == np.uint8
        assert all(96 <= side <= 240 for side in mask.shape)
        sizes.add(mask.shape)
    assert len(sizes) == 24
    assert min(h / w for h, w in sizes) < 0.75 < 1.33 < max(h / w for h, w in sizes)


def test_every_class_is_frequent_and_every_shape_has_a_void_border(drawn):
    masks = [mask for _, mask in drawn["train"]]
    present = np.zeros(256, int)
    for mask in masks:
        present[np.unique(mask)] += 1
        # Left, right, up and down, a shape's neighbour is itself, void, or the end of the picture.
        for a, b in ((mask[1:], mask[:-1]), (mask[:, 1:], mask[:, :-1])):
            assert not np.any((a != b) & (a != 255) & (b != 255))
    assert set(np.flatnonzero(present)) == {*range(len(SHAPES_LABEL_MAP)), 255}
    assert present[0] == present[255] == len(masks)
    assert (present[1:5] >= len(masks) / 2).all()


def test_no_saturation_threshold_tells_shapes_from_background(drawn):
    """The best one's IoU stays below what a network should reach."""
    counted, saturation = [], []
    for image, mask in drawn["train"]:
        with Image.open(io.BytesIO(image)) as decoded:
            saturation.append(np.asarray(decoded.convert("HSV"))[..., 1][mask != 255])
        counted.append(mask[mask != 255] > 0)
    truth, value = np.concatenate(counted), np.concatenate(saturation)
    best = max(np.sum((value > t) & truth) / np.sum((value > t) | truth) for t in range(0, 256, 8))
    assert best < 0.85


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((0, 1), "train split"), ((1, -1), "val split"), ((1, 1, -1), "seed must not be negative, got -1")],
)
def test_impossible_numbers_are_refused(arguments, message):
    with pytest.raises(UserError, match=message):
        shapes_samples(*arguments)
