import base64
import io
import logging
import math
import zlib

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from components.report import gallery as module
from components.report.gallery import Gallery, make_gallery
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


def _hits(count: int, of: int = 10) -> bytes:
    """All of class 0, of which so many pixels are found: the IoU is `count / of`."""
    return _example([[0] * count + [150] * (of - count)], [[0] * of], f"{count}.png".encode())


def _make(model_dir, examples, count: int) -> Gallery:
    return make_gallery(model_dir, lambda: iter(examples), count, LABEL_MAP)


def _shown(gallery: Gallery) -> list[list[str]]:
    return [[picture.filename for picture in group] for group in gallery.groups.values()]


def _ids(uri: str) -> list:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))).tolist()


def test_scores_and_pictures(model_dir):
    # Truth 0 0 1 void, predicted 0 1 1 2: class 0 has 1/2, class 1 has 1/2, class 2 is only where void is.
    gallery = _make(model_dir, [_example([[0, 150, 150, 250]], [[0, 0, 1, 255]])], 1)
    assert gallery.scores == [("a.png", 0.5)]
    (picture,) = gallery.groups["good"]
    assert (picture.filename, picture.mean_iou) == ("a.png", 0.5)
    assert _ids(picture.truth) == [[0, 0, 1, 255]]
    assert _ids(picture.prediction) == [[0, 1, 1, 2]]
    assert picture.image.startswith("data:image/jpeg;base64,")
    assert picture.difference.startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize(
    ("levels", "truth", "expected"),
    [
        ([[0, 250]], [[0, 2]], 1.0),  # class 1 is in neither: it is left out, not 0
        ([[0, 150]], [[0, 0]], 0.5),  # class 0 has 1/2, class 1 is not in the truth
    ],
)
def test_mean_iou(model_dir, levels, truth, expected):
    assert _make(model_dir, [_example(levels, truth)], 1).scores == [("a.png", expected)]


def test_good_average_and_failed_of_many(model_dir):
    """Over more than two batches, in an order of no meaning, with an image that is all void."""
    hits = [3, 10, 0, 7, 12, 5, 14, 1, 9, 18, 2, 16, 11, 4, 20, 8, 6, 13]
    void = _example([[0]], [[255]], b"void.png")
    gallery = _make(model_dir, [void, *(_hits(count, of=20) for count in hits)], 8)
    # Ranked: 20 18 16 14 13 12 11 10 | 9 8 | 7 6 5 4 3 2 1 0
    assert _shown(gallery) == [["20.png", "18.png", "16.png"], ["9.png", "8.png"], ["2.png", "1.png", "0.png"]]
    assert [name for name, _ in gallery.scores] == ["void.png", *(f"{count}.png" for count in hits)]
    assert math.isnan(gallery.scores[0][1])
    assert [score for _, score in gallery.scores[1:]] == [count / 20 for count in hits]
    pictures = [picture for group in gallery.groups.values() for picture in group]
    assert [picture.mean_iou for picture in pictures] == [1.0, 0.9, 0.8, 0.45, 0.4, 0.1, 0.05, 0.0]
    # Each with its own prediction.
    assert [_ids(picture.prediction)[0].count(0) for picture in pictures] == [20, 18, 16, 9, 8, 2, 1, 0]


def test_the_same_again(model_dir):
    examples = [_hits(count) for count in (3, 3, 10, 0, 7)]
    assert _make(model_dir, examples, 3) == _make(model_dir, examples, 3)


def test_pixels_are_shown_as_they_are_stored(model_dir):
    """Whatever EXIF says, and whatever lies behind them that Pillow would not read."""
    tags = Image.Exif()
    tags[0x112] = 6  # a quarter turn
    turned = io.BytesIO()
    Image.open(io.BytesIO(encode([[0, 150, 150, 250]]))).save(turned, "PNG", exif=tags)
    broken = b"iCCPa\0\x09"  # of an unknown compression
    chunk = (len(broken) - 4).to_bytes(4, "big") + broken + zlib.crc32(broken).to_bytes(4, "big")
    encoded = turned.getvalue()[:-12] + chunk + turned.getvalue()[-12:]
    with pytest.raises(SyntaxError):
        Image.open(io.BytesIO(encoded)).load()

    example = tf.train.Example.FromString(_example([[0]], [[0, 0, 1, 255]]))
    example.features.feature["image/encoded"].bytes_list.value[0] = encoded
    (picture,) = _make(model_dir, [example.SerializeToString()], 1).groups["good"]
    assert Image.open(io.BytesIO(base64.b64decode(picture.image.partition(",")[2]))).size == (4, 1)


def test_fewer_examples_than_asked_for(model_dir):
    assert _shown(_make(model_dir, [_hits(4), _hits(9)], 8)) == [["9.png"], [], ["4.png"]]


def test_all_void(model_dir):
    gallery = _make(model_dir, [_example([[0, 150]], [[255, 255]])] * 2, 8)
    assert _shown(gallery) == [[], [], []]
    assert [math.isnan(score) for _, score in gallery.scores] == [True, True]


@pytest.mark.parametrize(("examples", "count"), [([], 8), ([b"never read"], 0)])
def test_none_needs_no_model(examples, count):
    assert not any(_shown(_make("/no/such/model", examples, count)))


def test_says_how_far_it_is(model_dir, monkeypatch, said):
    monkeypatch.setattr(module, "_LOG_SECONDS", 0)
    _make(model_dir, [_hits(1)] * 9, 1)
    assert said(logging.INFO) == [
        "looked at the predictions of 8 images",
        "looked at the predictions of 9 images",
    ]


@pytest.mark.parametrize(("name", "expected"), [(None, "(no file name)"), (b"caf\xe9.jpg", "caf\\xe9.jpg")])
def test_odd_file_names(model_dir, name, expected):
    assert _shown(_make(model_dir, [_example([[0]], [[0]], name)], 1)) == [[expected], [], []]


def test_truth_outside_the_label_map(model_dir):
    with pytest.raises(ValueError, match="id 3"):
        _make(model_dir, [_example([[0]], [[3]])], 1)
