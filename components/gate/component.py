"""Blesses a model, or says why not."""

import json

from tfx.components.evaluator import constants
from tfx.components.util.model_utils import is_infra_validated
from tfx.dsl.component.experimental.annotations import InputArtifact, OutputArtifact, Parameter
from tfx.dsl.component.experimental.decorators import component
from tfx.types import standard_artifacts
from tfx.utils import io_utils

from components.baseline import properties as baselines
from components.gate.decide import decide
from components.gate.settings import GateSettings
from components.segmentation_metrics.read_evaluation import read_evaluation
from components.servability.properties import SERVABILITY
from schema.label_map import LabelMap

VERDICT = "verdict.json"


@component
def Gate(  # noqa: N802
    evaluation: InputArtifact[standard_artifacts.ModelEvaluation],
    baseline: InputArtifact[standard_artifacts.Model],
    model: InputArtifact[standard_artifacts.Model],
    servability: InputArtifact[standard_artifacts.InfraBlessing],
    blessing: OutputArtifact[standard_artifacts.ModelBlessing],
    settings: Parameter[str],
    infra: InputArtifact[standard_artifacts.InfraBlessing] = None,
):
    """Holds the Evaluator's figures against the rules, and asks whether the model can be served; the Pusher obeys.

    It stands beside the Evaluator, and not in its thresholds, so that one decision makes the blessing, the verdict's
    figures and its sentences, and so that a changed bound does not evaluate anew. `blessing` is as TFX's Evaluator
    would make it, with `verdict.json` in it (see `decide`).

    Args of the component: the artifacts, of which `infra` is InfraValidator's, where there is one, and `settings`, a
    JSON object: `gate` (`GateSettings`), `label_map`.
    """
    options = json.loads(settings)
    candidate, other = read_evaluation(evaluation.uri, LabelMap.from_dict(options["label_map"]))
    incompatible = baseline.get_string_custom_property(baselines.REASON) or None
    served = json.loads(io_utils.read_bytes_file(f"{servability.uri}/{SERVABILITY}"))
    validated = None if infra is None else is_infra_validated(infra)
    rules = GateSettings.model_validate(options["gate"])
    verdict = decide(rules, candidate, other, incompatible, served, validated)
    blessed = verdict["blessed"]
    io_utils.write_string_file(f"{blessing.uri}/{VERDICT}", json.dumps(verdict, indent=2) + "\n")
    name = constants.BLESSED_FILE_NAME if blessed else constants.NOT_BLESSED_FILE_NAME
    io_utils.write_string_file(f"{blessing.uri}/{name}", "")
    blessing.set_int_custom_property(
        constants.ARTIFACT_PROPERTY_BLESSED_KEY, constants.BLESSED_VALUE if blessed else constants.NOT_BLESSED_VALUE
    )
    blessing.set_string_custom_property(constants.ARTIFACT_PROPERTY_CURRENT_MODEL_URI_KEY, model.uri)
    blessing.set_int_custom_property(constants.ARTIFACT_PROPERTY_CURRENT_MODEL_ID_KEY, model.id)
