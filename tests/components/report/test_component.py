import json

import tensorflow as tf
from tfx import v1 as tfx

from components.leak_guard.leak_findings import LeakFindings
from components.report import component, write_report
from tests.components.report.fake_model import LABEL_MAP, encode, save_fake_model
from tests.components.report.test_render import DATA, METRICS
from tests.components.run_executor import make_artifact, run_executor
from tests.components.segmentation_metrics.masks import encode_png

artifacts = tfx.types.standard_artifacts


def test_page_and_figures(tmp_path, monkeypatch):
    """Of the examples of the split that was measured, in two files; the parts have their own tests."""
    metrics = {**METRICS, "iou": dict.fromkeys(LABEL_MAP.names, 0.5)}
    data = {**DATA, "splits": {}}
    monkeypatch.setattr(write_report, "summarize", lambda *_: dict(metrics))
    monkeypatch.setattr(write_report, "data_overview", lambda *_: data)
    monkeypatch.setattr(write_report, "commit", lambda: "8bad0a1")
    examples = make_artifact(artifacts.Examples, tmp_path / "examples", splits=("train", "eval"))
    (tmp_path / "examples" / "Split-eval").mkdir(parents=True)
    for name, levels in {"a": [[0, 0]], "b": [[0, 150]]}.items():
        example = tf.train.Example()
        values = {"image/encoded": encode(levels), "image/segmentation/class/encoded": encode_png([[0, 0]])}
        for key, value in {**values, "image/filename": f"{name}.png".encode()}.items():
            example.features.feature[key].bytes_list.value.append(value)
        with tf.io.TFRecordWriter(str(tmp_path / f"examples/Split-eval/data-{name}.gz"), "GZIP") as writer:
            writer.write(example.SerializeToString())
    model = make_artifact(artifacts.Model, tmp_path / "model")
    save_fake_model(tmp_path / "model" / "Format-Serving", tmp_path)
    (tmp_path / "model_run").mkdir()
    (tmp_path / "model_run" / "training_log.csv").write_text("step,loss,learning_rate\n1,2.5,0.1\n2,1.25,0.05\n")
    (tmp_path / "model_run" / "validation_log.csv").write_text("step,loss,mean_iou,iou/a,iou/b\n2,1.5,0.25,0.25,nan\n")
    others = {
        "model_run": artifacts.ModelRun,
        "statistics": artifacts.ExampleStatistics,
        "anomalies": artifacts.ExampleAnomalies,
        "leak_findings": LeakFindings,
        "evaluation": artifacts.ModelEvaluation,
        "blessing": artifacts.ModelBlessing,
        "baseline": artifacts.Model,
        "pushed_model": artifacts.PushedModel,
    }
    report = make_artifact(component.SegmentationReport, tmp_path / "report")
    settings = {"name": "x", "split": "eval", "label_map": LABEL_MAP.to_dict(), "examples": 8, "config": {"seed": 17}}
    run_executor(
        component.Report,
        tmp_path,
        {
            "examples": examples,
            "model": model,
            **{key: make_artifact(kind, tmp_path / key) for key, kind in others.items()},
        },
        {"report": report},
        {"settings": json.dumps(settings)},
    )
    assert json.loads((tmp_path / "report" / "metrics.json").read_text()) == {**metrics, "data": data}
    page = (tmp_path / "report" / "index.html").read_text()
    assert "best at step 2, 0.250" in page
    for text in ("a.png", "IoU 1.0000", "b.png", "IoU 0.5000", "8bad0a1", model.uri, "seed: 17", "Loss over 2 steps"):
        assert text in page, text
    assert page.count("data:image/") == 8
