"""The thresholds of our own schema, on data that is as it should be."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from components.anomaly_guard.measure_differences import SKEW, measure_differences
from datasets.camvid import camvid_samples
from datasets.sample import Sample
from datasets.shapes import shapes_samples
from datasets.voc import voc_samples
from schema.record import size_name
from tests.components.anomaly_guard.statistics import SCHEMA, image, statistics_of


def look(sample: Sample) -> dict[str, list]:
    encoded, mask = sample.load()
    opened = Image.open(io.BytesIO(encoded))
    return image(
        sample.filename,
        classes=tuple(np.setdiff1d(mask, [255]).tolist()),
        image_format=(opened.format or "").lower().encode(),
        image_size=size_name(*mask.shape).encode(),
        image_height=opened.height,
        image_width=opened.width,
        void_fraction=float((mask == 255).mean()),
    )


def distances(samples: dict[str, list[Sample]]) -> dict[str, float]:
    """By feature, after it has been seen that none is too large."""
    train, val = (statistics_of([look(sample) for sample in samples[split]]) for split in ("train", "val"))
    found = measure_differences(train, val, SCHEMA, SKEW)
    assert not [each for each in found if each.too_far]
    return {each.feature: each.distance for each in found}


def test_generated_shapes_pass():
    assert 0 < distances(shapes_samples(train=24, val=8))["class/present"] < 0.6


@pytest.mark.realdata
def test_photographs_pass(real_data):
    folder = real_data / "voc" / "VOCdevkit" / "VOC2012"
    with_sbd = voc_samples(folder, real_data / "sbd" / "benchmark_RELEASE")
    assert distances(with_sbd)["image/height"] == pytest.approx(0.42, abs=0.01)


@pytest.mark.realdata
def test_splits_of_other_streets_pass(real_data):
    """In CamVid a fence is in half of the train images and in all of val."""
    assert distances(camvid_samples(real_data / "camvid"))["class/present"] == pytest.approx(1 - 88 / 184, abs=0.01)
