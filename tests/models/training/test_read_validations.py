"""The log of measurements on held-out images. (That it comes back as written: see test_held_out_validation.)"""

from models.training.read_validations import read_validations


def test_none_where_nothing_was_held_out(tmp_path):
    assert read_validations(str(tmp_path / "validation_log.csv")) == []


def test_none_where_the_training_had_no_step_left(tmp_path):
    (tmp_path / "log.csv").write_text("step,loss,mean_iou,iou/road\n")
    assert read_validations(str(tmp_path / "log.csv")) == []
