import base64
import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from components.report.gallery import make_gallery
from tests.components.report.fake_model import LABEL_MAP, encode, save_fake_model
from tests.components.segmentation_metrics.masks import encode_png


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory):
    return save_fake_model(tmp_path_factory.mktemp("model"), tmp_path_factory.mktemp("scratch"))


def _example(levels, truth, name: bytes | None = b"a.png") -> bytes:
    features = {"image/encoded": encode(levels), "image/segmentation/class/encoded": encode_png(truth)}
    if name is not None:
        features["image/filename"] = name
    example = tf.train.Example()
    for key, value in features.items():
        example.features.feature[key].bytes_list.value.append(value)
    return example.SerializeToString()


def _ids(uri: str) -> list:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))).tolist()


def test_scores_and_pictures(model_dir):
    # Truth 0 0 1 void, predicted 0 1 1 2: class 0 has 1/2, class 1 has 1/2, class 2 is only where void is.
    (picture,) = make_gallery(model_dir, [_example([[0, 150, 150, 250]], [[0, 0, 1, 255]])], 1, LABEL_MAP)
    assert picture.filename == "a.png"
    assert picture.mean_iou == 0.5
    assert _ids(picture.truth) == [[0, 0, 1, 255]]
    assert _ids(picture.prediction) == [[0, 1, 1, 2]]
    assert picture.image.startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize(
    ("levels", "truth", "expected"),
    [
        ([[0, 250]], [[0, 2]], 1.0),  # class 1 is in neither: it is left out, not 0
        ([[0, 150]], [[0, 0]], 0.5),  # class 0 has 1/2, class 1 is not in the truth
        ([[0, 250]], [[255, 255]], None),
    ],
)
def test_mean_iou(model_dir, levels, truth, expected):
    (picture,) = make_gallery(model_dir, [_example(levels, truth)], 1, LABEL_MAP)
    assert picture.mean_iou == expected


def test_first_ones_in_order_and_no_more(model_dir):
    """Of many sizes, over more than a batch; the sixth is not even read."""

    def examples():
        for width in range(1, 6):
            yield _example([[0] * width], [[0] * width], f"{width}.png".encode())
        raise AssertionError("read further than needed")

    pictures = make_gallery(model_dir, examples(), 5, LABEL_MAP)
    assert [picture.filename for picture in pictures] == ["1.png", "2.png", "3.png", "4.png", "5.png"]
    assert [len(_ids(picture.prediction)[0]) for picture in pictures] == [1, 2, 3, 4, 5]


def test_fewer_examples_than_asked_for(model_dir):
    assert len(make_gallery(model_dir, [_example([[0]], [[0]])], 8, LABEL_MAP)) == 1


def test_none_needs_no_model():
    assert make_gallery("/no/such/model", [_example([[0]], [[0]])], 0, LABEL_MAP) == []


@pytest.mark.parametrize(("name", "expected"), [(None, "(no file name)"), (b"caf\xe9.jpg", "caf\\xe9.jpg")])
def test_odd_file_names(model_dir, name, expected):
    (picture,) = make_gallery(model_dir, [_example([[0]], [[0]], name)], 1, LABEL_MAP)
    assert picture.filename == expected


def test_truth_outside_the_label_map(model_dir):
    with pytest.raises(ValueError, match="id 3"):
        make_gallery(model_dir, [_example([[0]], [[3]])], 1, LABEL_MAP)
