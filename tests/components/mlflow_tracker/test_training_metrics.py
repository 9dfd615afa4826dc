from components.mlflow_tracker.training_metrics import training_metrics


def test_every_step_of_every_column(tmp_path):
    (tmp_path / "log.csv").write_text("step,loss,learning_rate\n1,2.5,0.1\n2,1e-3,0.05\n")
    assert training_metrics(f"{tmp_path}/log.csv") == [
        ("training/loss", 1, 2.5),
        ("training/learning_rate", 1, 0.1),
        ("training/loss", 2, 0.001),
        ("training/learning_rate", 2, 0.05),
    ]


def test_no_log(tmp_path):
    assert training_metrics(f"{tmp_path}/log.csv") == []
