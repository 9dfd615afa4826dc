from components.mlflow_tracker.training_metrics import training_metrics

STEPS = [
    ("training/loss", 1, 2.5),
    ("training/learning_rate", 1, 0.1),
    ("training/loss", 2, 0.001),
    ("training/learning_rate", 2, 0.05),
]


def _write_log(folder):
    (folder / "training_log.csv").write_text("step,loss,learning_rate\n1,2.5,0.1\n2,1e-3,0.05\n")


def test_every_step_of_every_column(tmp_path):
    _write_log(tmp_path)
    assert training_metrics(str(tmp_path)) == STEPS


def test_what_was_measured_on_held_out_images(tmp_path):
    _write_log(tmp_path)
    (tmp_path / "validation_log.csv").write_text("step,loss,mean_iou,iou/road,iou/sky\n2,1.5,0.25,0.25,nan\n")
    assert training_metrics(str(tmp_path)) == [*STEPS, ("held_out/loss", 2, 1.5), ("held_out/mean_iou", 2, 0.25)]


def test_no_log(tmp_path):
    assert training_metrics(str(tmp_path)) == []
