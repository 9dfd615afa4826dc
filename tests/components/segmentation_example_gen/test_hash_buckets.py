import pytest

from components.segmentation_example_gen.hash_buckets import hash_buckets


@pytest.mark.parametrize(("fraction", "train", "eval_"), [(0.1, 9000, 1000), (0.001, 9990, 10), (0.999, 10, 9990)])
def test_shares(fraction, train, eval_):
    assert hash_buckets(fraction) == (("train", train), ("eval", eval_))
