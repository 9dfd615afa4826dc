"""A held-out slice needs images, and leaves some to train on."""

import logging

import pytest
import tensorflow as tf

from models.data.check_held_out import check_held_out
from schema.record import FILENAME
from schema.user_error import UserError


def _file(path, names) -> str:
    with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
        for name in names:
            example = tf.train.Example()
            example.features.feature[FILENAME].bytes_list.value.append(name.encode())
            writer.write(example.SerializeToString())
    return str(path)


def test_it_says_how_many_of_how_many(tmp_path, caplog):
    caplog.set_level(logging.INFO, logger="segpipe.training")
    files = [_file(tmp_path / f"{part}.gz", [f"{part}{index}.jpg" for index in range(40)]) for part in "ab"]
    check_held_out(files, 0.3)
    (line,) = caplog.messages
    count = int(line.split()[0])
    assert line == f"{count} of 80 images are held out" and 12 <= count <= 36


@pytest.mark.parametrize(
    ("names", "share", "left"),
    [(["a.jpg", "b.jpg"], 0.0001, "0 to measure on and 2 to train on"), ([], 0.3, "0 to measure on and 0 to train on")],
)
def test_none_held_out_is_a_mistake_that_says_how_many_there_are(tmp_path, names, share, left):
    with pytest.raises(UserError, match=rf"{share} of the train split's {len(names)} images leaves {left}"):
        check_held_out([_file(tmp_path / "few.gz", names)], share)


def test_nothing_left_to_train_on_is_one_too(tmp_path):
    # A share that a configuration cannot have: of one image, with luck, all.
    with pytest.raises(UserError, match="1 to measure on and 0 to train on"):
        check_held_out([_file(tmp_path / "one.gz", ["a.jpg"])], 1.0)
