"""Real input: PASCAL VOC images through the converter and the whole pipeline, with ResNet-50."""

import json

import pytest

from tests.conftest import ROOT
from tests.e2e.segpipe import segpipe

pytestmark = [pytest.mark.slow, pytest.mark.realdata]


def test_voc_runs_from_end_to_end(real_data, tmp_path):
    converted = segpipe(
        "convert", "voc", "--voc-root", real_data / "voc" / "VOCdevkit" / "VOC2012", "--out", tmp_path / "data"
    )
    assert converted.returncode == 0, converted.stderr
    changes = {
        "run_dir": tmp_path / "run",
        "data.path": tmp_path / "data",
        "model.weights": "none",
        "model.input_size": 64,
        "training.steps": 2,
        "training.batch_size": 2,
    }
    overrides = [part for key, value in changes.items() for part in ("--set", f"{key}={value}")]
    run = segpipe("run", ROOT / "configs" / "voc2012.yaml", *overrides)
    assert run.returncode == 2, run.stderr  # two steps from scratch earn nothing
    metrics = json.loads((tmp_path / "run" / "report" / "metrics.json").read_text())
    assert metrics["images"] == 20 and len(metrics["iou"]) == 21
    # No motorbike in this val split: its IoU is undefined, and the mean is over the twenty others.
    assert metrics["iou"]["motorbike"] is None and metrics["num_classes"] == 20
    assert metrics["mean_iou"] == pytest.approx(sum(v for v in metrics["iou"].values() if v is not None) / 20)
    assert not (tmp_path / "run" / "serving").exists()
