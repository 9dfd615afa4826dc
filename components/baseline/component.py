"""The model a candidate has to beat."""

from tfx import v1 as tfx
from tfx.types import artifact_utils
from tfx.utils import io_utils, path_utils

from components.baseline.find_pushed import find_pushed
from components.baseline.incompatibility import incompatibility

# Custom properties of the output.
STATE = "state"
VERSION = "version"
REASON = "reason"

# Values of STATE.
FIRST = "first"  # nothing was pushed yet
INCOMPATIBLE = "incompatible"  # something was, and cannot be compared
FOUND = "found"


@tfx.dsl.components.component
def Baseline(  # noqa: N802
    model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    baseline: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.Model],
    push_destination: tfx.dsl.components.Parameter[str],
    signature: tfx.dsl.components.Parameter[str],
):
    """Copies the model that serves now, so that the Evaluator can measure the candidate against it.

    It looks at the push destination itself, so that it works on every orchestrator, and whoever pushed. Being keyed
    (cached) by the candidate, it answers once for each: what served when this candidate came. Where there is nothing
    to compare with, the output holds no model and says why in its properties.
    """
    pushed = find_pushed(push_destination)
    if pushed is None:
        baseline.set_string_custom_property(STATE, FIRST)
        return
    baseline.set_string_custom_property(VERSION, pushed.rsplit("/", 1)[-1])
    candidate = path_utils.serving_model_path(model.uri, path_utils.is_old_model_artifact(model))
    reason = incompatibility(candidate, pushed, signature)
    if reason:
        baseline.set_string_custom_property(STATE, INCOMPATIBLE)
        baseline.set_string_custom_property(REASON, reason)
        return
    io_utils.copy_dir(pushed, path_utils.serving_model_dir(artifact_utils.get_single_uri([baseline])))
    baseline.set_string_custom_property(STATE, FOUND)
