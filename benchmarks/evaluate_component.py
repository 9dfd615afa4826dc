"""One process of `benchmarks.evaluator`: runs the Evaluator's executor, as a pipeline does.

    python -m benchmarks.evaluate_component FOLDER COUNT [--baseline]

FOLDER is what `evaluator_data` made; the baseline is the same model again. Prints a line of JSON: the confusion matrix,
and null, because nobody has timed the model.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from google.protobuf import json_format
from tfx.types import standard_artifacts as artifacts

from components.baseline.properties import FOUND, STATE
from components.evaluator import Evaluator
from components.segmentation_metrics.read_evaluation import OVERALL, read_evaluation
from pipeline.eval_config import eval_config
from pipeline.evaluation_settings import EvaluationSettings
from schema.label_map import FILE_NAME, LabelMap
from tests.components.run_executor import make_artifact, run_executor


def evaluate_component(folder: Path, split: str, with_baseline: bool) -> list[list[int]]:
    """Returns the confusion matrix `[C][C]` that the Evaluator leaves in its artifact."""
    label_map = LabelMap.load(folder / "model" / "Format-Serving" / "assets" / FILE_NAME)
    settings = EvaluationSettings.model_validate({"gate": {"min_mean_iou": 0.5}})
    inputs = {
        "examples": make_artifact(artifacts.Examples, folder / "examples", splits=(split,)),
        "model": make_artifact(artifacts.Model, folder / "model"),
        "schema": make_artifact(artifacts.Schema, folder / "schema"),
    }
    if with_baseline:
        inputs["baseline_model"] = make_artifact(artifacts.Model, folder / "model")
        inputs["baseline_model"].set_string_custom_property(STATE, FOUND)
    with tempfile.TemporaryDirectory() as scratch:
        evaluation = make_artifact(artifacts.ModelEvaluation, Path(scratch) / "evaluation")
        run_executor(
            Evaluator,
            Path(scratch),
            inputs,
            {
                "evaluation": evaluation,
                "blessing": make_artifact(artifacts.ModelBlessing, Path(scratch) / "blessing"),
            },
            {
                "eval_config": json_format.MessageToJson(eval_config(settings, label_map)),
                "example_splits": json.dumps([split]),
            },
        )
        candidate, _ = read_evaluation(evaluation.uri, label_map)
    return [row[:-1] for row in candidate[OVERALL].confusion]  # no prediction of this model is void


if __name__ == "__main__":
    folder, count, *options = sys.argv[1:]
    print(json.dumps([evaluate_component(Path(folder), count, "--baseline" in options), None]))
