"""Tries the exported model as a server would use it."""

import itertools
import json
import tempfile

import tensorflow as tf
from tfx.dsl.component.experimental.annotations import InputArtifact, OutputArtifact, Parameter
from tfx.dsl.component.experimental.decorators import component
from tfx.types import artifact_utils, standard_artifacts
from tfx.utils import io_utils, path_utils

from components.segmentation_metrics.read_evaluation import OVERALL, read_evaluation
from components.servability.check_servability import check_servability
from components.servability.properties import BLESSED, BLESSED_FILE, NOT_BLESSED_FILE, NOT_TRIED, SERVABILITY
from components.servability.settings import ServabilitySettings
from schema.label_map import LabelMap


@component
def Servability(  # noqa: N802
    model: InputArtifact[standard_artifacts.Model],
    examples: InputArtifact[standard_artifacts.Examples],
    evaluation: InputArtifact[standard_artifacts.ModelEvaluation],
    blessing: OutputArtifact[standard_artifacts.InfraBlessing],
    settings: Parameter[str],
):
    """Stands where TFX's InfraValidator would, which needs Docker and does not compile for Kubeflow.

    `blessing` is as InfraValidator would make it, with `servability.json` in it (see `check_servability`), which the
    Gate makes a part of its verdict.

    Args of the component: the artifacts, and `settings`, a JSON object: `servability` (`ServabilitySettings`), `split`
    and `label_map`.
    """
    options = json.loads(settings)
    limits = ServabilitySettings.model_validate(options["servability"])
    verdict = dict(NOT_TRIED)
    if limits.enabled:
        label_map = LabelMap.from_dict(options["label_map"])
        split = artifact_utils.get_split_uri([examples], options["split"])
        records = tf.data.TFRecordDataset(sorted(tf.io.gfile.glob(f"{split}/*")), compression_type="GZIP")
        few = list(itertools.islice(records.as_numpy_iterator(), limits.images + 1))
        scores = read_evaluation(evaluation.uri, label_map)[0].get(OVERALL)
        evaluated = scores.confusion if scores and len(few) <= limits.images else None
        with tempfile.TemporaryDirectory() as scratch:
            local = f"{scratch}/model"
            io_utils.copy_dir(path_utils.serving_model_path(model.uri, path_utils.is_old_model_artifact(model)), local)
            verdict = check_servability(local, few[: limits.images], len(label_map), limits, evaluated)
    io_utils.write_string_file(f"{blessing.uri}/{SERVABILITY}", json.dumps(verdict, indent=2) + "\n")
    io_utils.write_string_file(f"{blessing.uri}/{BLESSED_FILE if verdict['passed'] else NOT_BLESSED_FILE}", "")
    blessing.set_int_custom_property(BLESSED, int(verdict["passed"]))
