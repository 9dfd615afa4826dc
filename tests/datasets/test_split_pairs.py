from pathlib import Path

import pytest

from datasets.pair import Pair
from datasets.split_pairs import split_pairs
from schema.user_error import UserError


def pairs(names):
    return [Pair(name, Path(name), Path(name)) for name in names]


def names(splits):
    return {split: [pair.name for pair in of_split] for split, of_split in splits.items()}


def test_the_place_of_an_image_hangs_on_nothing_but_its_name():
    # By `printf %s a.jpg | sha256sum` and so on: 0x50, 0x7a, 0x92, 0x53 of 0x100 are 0.31, 0.48, 0.57, 0.33.
    expected = {"train": ["b.jpg", "c.jpg"], "val": ["a.jpg", "d.jpg"]}
    assert names(split_pairs(pairs(["a.jpg", "b.jpg", "c.jpg", "d.jpg"]), 0.4)) == expected
    more = names(split_pairs(pairs(["a.jpg", "e.jpg", "b.jpg", "c.jpg", "f.jpg", "d.jpg"]), 0.4))
    for split in expected:
        assert [name for name in more[split] if name not in ("e.jpg", "f.jpg")] == expected[split]


def test_the_share_is_about_what_was_asked():
    splits = names(split_pairs(pairs([f"{index:05d}.jpg" for index in range(10_000)]), 0.2))
    assert abs(len(splits["val"]) - 2000) < 4 * 40  # four standard deviations of a binomial
    assert sorted(splits["train"] + splits["val"]) == [f"{index:05d}.jpg" for index in range(10_000)]
    assert splits["val"] == sorted(splits["val"])


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(UserError, match="val fraction must lie between 0 and 1, got"):
        split_pairs(pairs(["a", "b"]), share)


def test_an_empty_split_is_refused():
    with pytest.raises(UserError, match=r"of 1 images, a val fraction of 1e-06 leaves none in val"):
        split_pairs(pairs(["a"]), 1e-6)
