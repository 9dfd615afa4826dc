"""Real input: PASCAL VOC images through the converter and the whole pipeline, with ResNet-50."""

import pytest

from tests.e2e.run_converted import run_converted

pytestmark = [pytest.mark.slow, pytest.mark.realdata]


def test_voc_runs_from_end_to_end(real_data, tmp_path):
    source = ["--voc-root", real_data / "voc" / "VOCdevkit" / "VOC2012"]
    changes = {"model.input_size": 64, "training.steps": 2, "training.batch_size": 2, "servability.enabled": False}
    # Two steps from scratch earn nothing.
    metrics = run_converted(tmp_path, "voc", source, changes, exit_code=2)
    assert metrics["images"] == 20 and len(metrics["iou"]) == 21
    # No motorbike in this val split: its IoU is undefined, and the mean is over the twenty others.
    assert metrics["iou"]["motorbike"] is None and metrics["num_classes"] == 20
    assert metrics["mean_iou"] == pytest.approx(sum(v for v in metrics["iou"].values() if v is not None) / 20)
    assert not (tmp_path / "run" / "serving").exists()
