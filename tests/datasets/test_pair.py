import pickle
from functools import partial

import numpy as np
import pytest

from datasets.pair import Pair
from schema.user_error import UserError


def read(path, value):
    assert path.suffix == ".png"
    return np.full((1, 2), value, np.uint8)


def test_a_sample_of_a_pair_travels_and_loads_the_bytes_as_they_are(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"any bytes")
    sample = Pair("x/a.jpg", tmp_path / "a.jpg", tmp_path / "a.png").sample("mine", partial(read, value=7))
    sample = pickle.loads(pickle.dumps(sample))
    assert (sample.filename, sample.source) == ("x/a.jpg", "mine")
    image, mask = sample.load()
    assert image == b"any bytes"
    assert mask.tolist() == [[7, 7]]


def test_an_image_that_is_gone_is_named(tmp_path):
    with pytest.raises(UserError, match=r"a\.jpg: cannot read the image"):
        Pair("a.jpg", tmp_path / "a.jpg", tmp_path / "a.png").sample("mine", read).load()
