"""Each planted defect is found, and told by its name."""

import numpy as np
import pytest
import tensorflow as tf

from components.servability.trials import trials
from tests.components.report.fake_model import encode
from tests.components.servability.planted import CLASSES, save_planted

pytestmark = pytest.mark.slow

RECORDS = [
    tf.train.Example(
        features=tf.train.Features(
            feature={"image/encoded": tf.train.Feature(bytes_list=tf.train.BytesList(value=[encode(levels, form)]))}
        )
    ).SerializeToString()
    for levels, form in (([[0, 150, 250]], "PNG"), (np.full((9, 5), 150), "JPEG"))
]


def _faults(folder: str) -> dict[str, str]:
    """What is wrong, by trial; what the model raises counts as in the process of its own."""
    faults = {}
    for trial in trials(folder, tf.saved_model.load(folder), RECORDS, CLASSES):
        try:
            fault = trial.run()
        except Exception as error:
            fault = str(error)
        if fault:
            faults[trial.name] = fault
    return faults


def test_nothing_is_wrong_with_a_good_one(tmp_path):
    folder = save_planted(tmp_path / "model")
    assert _faults(folder) == {}
    names = [trial.name for trial in trials(folder, tf.saved_model.load(folder), RECORDS, CLASSES)]
    assert len(names) == len(set(names)) == 21
    assert {"an image of 1x1", "an image of 4000x3000", "a PNG with alpha", "a greyscale JPEG"} < set(names)


@pytest.mark.parametrize(
    ("defect", "trial", "fault"),
    [
        (
            "missing signature",
            "the signature rest",
            "it is missing; there are bulk, from_examples, scores, serving_default",
        ),
        ("wrong dtype", "the signature rest", "it gives mask_png_bytes int32"),
        ("wrong size", "an image of odd sides", "the mask is 501x2, the image 501x333"),
        ("crashes on PNG", "a greyscale PNG", "no PNG, please"),
        ("unknown class", "an image of 1x1", "the mask has the id"),
        ("colours", "an image of 1x1", "the mask is a PNG of mode RGB; expected one channel of 8 bits"),
        ("remembers", "images of several sizes in one call", "another mask than alone, of an image of 1x1"),
        ("skewed", "2 evaluated images by every signature", "from_examples gives other masks than serving_default"),
        ("skewed in bulk", "2 evaluated images by every signature", "bulk gives other masks than serving_default"),
        ("out of the restore op's sight", "loading as TensorFlow Serving does", "Could not find variable"),
        ("no probabilities", "scores that are probabilities", "scores that do not add up to 1"),
        ("takes anything", "bytes that are no image", "it was given a mask, where an error was due"),
    ],
)
def test_a_planted_defect_is_found(tmp_path, defect, trial, fault):
    faults = _faults(save_planted(tmp_path / "model", defect))
    assert fault in faults.get(trial, ""), faults
