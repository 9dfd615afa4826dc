"""Which records are shown; what becomes of them is `training_samples`'s, which stands aside here."""

from __future__ import annotations

import hashlib

import pytest
import tensorflow as tf

from pipeline.config import load_config
from pipeline.show import write_training_page as module
from tests.components.segmentation_example_gen.records import GOOD, LABEL_MAP, example, write
from tests.pipeline.show.samples import samples

NAMES = [f"image-{at}.jpg" for at in range(12)]


@pytest.fixture
def shown(run_config, tmp_path, monkeypatch):
    """Gives the names of the images on the page of a configuration."""

    def shown(*overrides: str, examples: int = 50) -> list[str]:
        given = []
        monkeypatch.setattr(
            module, "training_samples", lambda chosen, *args, **settings: given.extend(chosen) or samples()
        )
        config = load_config(run_config, overrides)
        module.write_training_page(config, LABEL_MAP, tmp_path / "page.html", examples=examples, seeds=1)
        assert (tmp_path / "page.html").is_file()
        return [each.features.feature["image/filename"].bytes_list.value[0].decode() for each in given]

    return shown


def put(run_config, file: str, *names: str) -> None:
    write(run_config.parent / "data" / file, [example({**GOOD, "image/filename": name.encode()}) for name in names])


def test_some_of_the_train_split_the_same_every_time(run_config, shown):
    put(run_config, "train-0.tfrecord", *NAMES)
    some = shown(examples=4)
    assert len(some) == 4 and set(some) <= set(NAMES)
    assert shown(examples=4) == some
    assert shown() == NAMES


def test_the_newest_span(run_config, shown):
    for span in (1, 2):
        put(run_config, f"span-{span}-train.tfrecord", f"{span}.jpg")
        put(run_config, f"span-{span}-val.tfrecord", "val.jpg")
    patterns = ("data.train='span-{SPAN}-train*'", "data.eval='span-{SPAN}-val*'")
    assert shown(*patterns) == ["2.jpg"]
    assert shown(*patterns, "data.span=1") == ["1.jpg"]


def test_where_names_decide_those_of_the_train_split(run_config, shown):
    """TFX's hash of a serialized feature, of which half of the 10 000 buckets are train's."""
    put(run_config, "all.tfrecord", *NAMES)
    expected = []
    for name in NAMES:
        feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[name.encode()]))
        if int(hashlib.sha256(feature.SerializeToString()).hexdigest(), 16) % 10_000 < 5_000:
            expected.append(name)
    assert 0 < len(expected) < len(NAMES)
    assert shown("data.files='all.tfrecord'", "data.eval_fraction=0.5") == expected
