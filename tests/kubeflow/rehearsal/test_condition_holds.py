"""Conditions as TFX compiles them, and what is beyond them."""

import pytest
from tfx import v1 as tfx

from kubeflow.rehearsal.condition_holds import condition_holds
from schema.user_error import UserError
from tests.kubeflow.planted_pipelines import Say, compiled

INPUT = {
    "inputs": {
        "artifacts": {
            "blessing": {"artifacts": [{"uri": "minio://b/blessing", "metadata": {"blessed": 1.0, "by": "gate"}}]}
        },
        "parameterValues": {"steps": 12, "mode": "fast"},
    },
    "outputs": {},
}
BLESSED = "inputs.artifacts['blessing'].artifacts[0].metadata['blessed']"
BY = "inputs.artifacts['blessing'].artifacts[0].metadata['by']"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (f"{BLESSED} == 1.0", True),
        (f"({BLESSED} == 0.0)", False),
        (f"!({BLESSED} == 0.0)", True),
        (f"({BLESSED} < 1.5) && ({BLESSED} > 1.5)", False),
        (f"({BLESSED} < 1.5) || ({BLESSED} > 1.5)", True),
        (f"{BLESSED} <= 1 && {BLESSED} >= 1 && {BLESSED} != 2", True),
        (f"({BY} == 'gate')", True),
        (f"(({BY} + '-' + 'keeper') == 'gate-keeper')", True),
        ("inputs.artifacts['blessing'].artifacts[0].uri == 'minio://b/blessing'", True),
        ("inputs.parameter_values['steps'] > 12", False),
        ("inputs.parameter_values['mode'] != 'fast && !slow'", True),
        ("false || true && false", False),
        ("true || true && false", True),
        ("!true || true", True),
        (" true ", True),
    ],
)
def test_what_is_understood(condition, holds):
    assert condition_holds(condition, INPUT) is holds


@pytest.mark.parametrize(("blessed", "holds"), [(1.0, True), (0.0, False)])
def test_what_tfx_compiles(blessed, holds):
    blessing = tfx.dsl.Importer(source_uri="/blessing", artifact_type=tfx.types.standard_artifacts.ModelBlessing)
    blessed_now = blessing.outputs["result"].future()[0].custom_property("blessed") == 1
    with tfx.dsl.Cond(blessed_now):
        say = Say(text="blessed")
    task = compiled([blessing, say])["root"]["dag"]["tasks"]["Say"]
    (key,) = task["inputs"]["artifacts"]
    artifacts = {key: {"artifacts": [{"uri": "/blessing", "metadata": {"blessed": blessed}}]}}
    given = {"inputs": {"artifacts": artifacts, "parameterValues": {}}}
    assert condition_holds(task["triggerPolicy"]["condition"], given) is holds


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("inputs.artifacts['model'].artifacts[0].uri == 'x'", "'model'"),
        (f"{BLESSED} == 'yes'", "1.0 and 'yes' are of different types"),
        (f"{BLESSED} && true", "1.0 is neither true nor false"),
        (f"{BLESSED}", "gives 1.0; expected true or false"),
        ("size(inputs.artifacts) == 1", "size"),
        ("inputs.artifacts.exists(a, a == 1)", "exists"),
        ("__import__('os').system('true')", "__import__"),
        ("true ? true : false", r"\? true : false is not understood"),
        ("(true", r"\) is missing"),
        ("true true", "true is out of place"),
        ("true &&", "it ends too early"),
        ("", "it ends too early"),
    ],
)
def test_what_is_beyond(condition, fault):
    with pytest.raises(UserError, match=fault):
        condition_holds(condition, INPUT)
