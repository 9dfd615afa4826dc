"""Real input: CamVid through the converter and the whole pipeline, every count held against the original masks."""

import numpy as np
import pytest
from PIL import Image

from datasets.camvid import CAMVID_LABEL_MAP
from schema.label_map import FILE_NAME, LabelMap
from tests.e2e.run_converted import run_converted

pytestmark = [pytest.mark.slow, pytest.mark.realdata]

UNLABELLED = 11


def test_camvid_runs_from_end_to_end(real_data, tmp_path):
    root = real_data / "camvid"
    changes = {
        "data.train": "train-00000-of-*.tfrecord",  # a quarter of it
        "model.backbone": "mobilenet_v2",
        "model.width": 0.35,
        "model.aspp_filters": 16,
        "model.decoder_filters": 16,
        "model.input_size": "[64, 96]",
        "training.steps": 3,
        "training.batch_size": 2,
        "evaluation.gate.min_mean_iou": 0.0,
        "servability.images": 51,  # all: counted by the Evaluator and in a process of its own
        "report.examples": 3,
    }
    metrics = run_converted(tmp_path, "camvid", ["--root", root], changes, exit_code=0)

    assert metrics["images"] == 51
    assert list(metrics["iou"]) == list(CAMVID_LABEL_MAP.names) and len(metrics["iou"]) == 11
    ids = np.stack([np.array(Image.open(path)) for path in (root / "valannot").glob("*.png")])
    assert ids.shape == (51, 360, 480)
    pixels = np.bincount(ids.ravel())
    assert len(pixels) == UNLABELLED + 1 and pixels.all()
    # At full size though the model sees 64x96: every pixel of every class is counted once, the unlabelled ones never.
    confusion = np.array(metrics["confusion"])
    assert confusion.sum(axis=1).tolist() == pixels[:UNLABELLED].tolist()
    hits = np.diag(confusion)
    iou = hits / (pixels[:UNLABELLED] + confusion.sum(axis=0)[:UNLABELLED] - hits)
    assert list(metrics["iou"].values()) == pytest.approx(iou.tolist())
    assert metrics["mean_iou"] == pytest.approx(iou.mean()) and metrics["num_classes"] == 11

    (assets,) = (tmp_path / "run" / "serving").glob("*/assets")
    pushed = LabelMap.load(assets / FILE_NAME)
    assert pushed.names == CAMVID_LABEL_MAP.names and pushed.void_id == 255
