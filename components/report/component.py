"""The report of a run: a page for people and figures for programs."""

import json

import tensorflow as tf
import yaml
from tfx import v1 as tfx
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components.report.gallery import make_gallery
from components.report.lineage import lineage
from components.report.render import render_report
from components.report.summary import summarize
from schema.label_map import LabelMap

PAGE, METRICS = "index.html", "metrics.json"


class SegmentationReport(tfx.dsl.Artifact):
    """A folder of `index.html` and `metrics.json`."""

    TYPE_NAME = "SegmentationReport"


@tfx.dsl.components.component
def Report(  # noqa: N802
    evaluation: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ModelEvaluation],
    blessing: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ModelBlessing],
    baseline: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    pushed_model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.PushedModel],
    examples: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Examples],
    report: tfx.dsl.components.OutputArtifact[SegmentationReport],
    settings: tfx.dsl.components.Parameter[str],
):
    """Writes `index.html` (self-contained) and `metrics.json`.

    Args of the component: the artifacts, and `settings`, a JSON object: `name`, `split`,
    `label_map`, `examples` (how many are shown), `config` (of the run, to be shown) and, where
    it is known, `commit`.
    """
    options = json.loads(settings)
    label_map = LabelMap.from_dict(options["label_map"])
    metrics = summarize(options["name"], options["split"], label_map, evaluation, blessing, baseline, pushed_model)
    split_uri = artifact_utils.get_split_uri([examples], metrics["split"])
    files = sorted(tf.io.gfile.glob(f"{split_uri}/*"))
    records = tf.data.TFRecordDataset(files, compression_type="GZIP")
    model_dir = path_utils.serving_model_path(model.uri, path_utils.is_old_model_artifact(model))
    gallery = make_gallery(model_dir, records.as_numpy_iterator, options["examples"], label_map)
    inputs = {"Evaluation": evaluation, "Model": model, "Examples": examples, "Baseline": baseline}
    page = render_report(
        metrics,
        gallery,
        label_map,
        yaml.safe_dump(options["config"], sort_keys=False),
        lineage(inputs, options.get("commit")),
    )
    for name, text in ((PAGE, page), (METRICS, json.dumps(metrics, indent=2) + "\n")):
        with tf.io.gfile.GFile(f"{report.uri}/{name}", "w") as file:
            file.write(text)
