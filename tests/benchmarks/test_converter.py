"""What the benchmark compares: trees of the numbers asked for, and two ways to the same records."""

import numpy as np
import pytest
from PIL import Image

from benchmarks.convert_bare import convert_bare
from benchmarks.same_records import same_records
from benchmarks.voc_tree import voc_tree
from datasets.voc import VOC_LABEL_MAP, voc_samples
from datasets.write_records import write_records


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.voc_tree.PICTURES", 3)
    voc_tree(tmp_path, [5, 10])
    return tmp_path / "10"


def test_trees_have_as_many_images_as_asked_for_and_a_fifth_of_them_in_val(tree):
    for root, train, val in ((tree.with_name("5"), 4, 1), (tree, 8, 2)):
        samples = voc_samples(root)
        assert (len(samples["train"]), len(samples["val"])) == (train, val)
    image, mask = samples["train"][0].load()
    assert 60_000 < len(image) < 90_000
    assert mask.shape == (375, 500)


def test_both_ways_lead_to_the_same_records_and_a_pixel_or_a_name_is_seen(tree):
    bare, ours, other = (tree.with_name(name) for name in ("bare", "ours", "other"))
    convert_bare(tree, bare)
    write_records(voc_samples(tree), VOC_LABEL_MAP, ours)
    assert same_records(bare, ours)

    path = tree / "SegmentationClass/2012_000007.png"
    with Image.open(path) as palette:
        mask, colors = np.array(palette), palette.getpalette()
    mask[0, 0] = 20  # was background
    changed = Image.fromarray(mask)
    changed.putpalette(colors)
    path.unlink()  # a link that others share
    changed.save(path)
    convert_bare(tree, other)
    assert not same_records(other, ours)
