import pytest

from kubeflow.rehearsal.build_executor_input import build_executor_input
from schema.user_error import UserError
from tests.kubeflow.rehearsal.planted import artifact_type, planted, task

ROOT = "minio://bucket/v2/planted/run/Train/1"


def build(given: dict, produced: dict | None = None, **component) -> dict:
    (spec,) = planted(Train=given)
    definition = spec["components"]["Train"] | component
    return build_executor_input(
        "Train", spec["root"]["dag"]["tasks"]["Train"], definition, produced or {}, ROOT, "/copies"
    )


def test_parameters_artifacts_and_outputs():
    data = {"name": "4", "uri": "minio://bucket/data", "type": artifact_type("Examples"), "metadata": {"span": 3.0}}
    given = task(
        takes={"data": "Read.examples"},
        makes=("model", "model_run"),
        parameters={"name": "x", "steps": 12, "rate": 0.5, "on": True},
        results=("score",),
    )
    assert build(given, {("Read", "examples"): data}) == {
        "inputs": {
            "parameterValues": {"name": "x", "steps": 12, "rate": 0.5, "on": True},
            "artifacts": {"data": {"artifacts": [data]}},
        },
        "outputs": {
            "artifacts": {
                "model": {"artifacts": [{"name": "model", "uri": f"{ROOT}/model", "type": artifact_type("model")}]},
                "model_run": {
                    "artifacts": [{"name": "model_run", "uri": f"{ROOT}/model_run", "type": artifact_type("model_run")}]
                },
            },
            "parameters": {"score": {"outputFile": "/copies/tmp/kfp/outputs/score"}},
            "outputFile": "/copies/minio/bucket/v2/planted/run/Train/1/output_metadata.json",
        },
    }


def test_a_default_stands_in_for_a_parameter_and_an_optional_one_may_be_missing():
    parameters = {
        "steps": {"parameterType": "NUMBER_INTEGER", "defaultValue": 5.0},
        "note": {"parameterType": "STRING", "isOptional": True},
    }
    built = build(task(), inputDefinitions={"parameters": parameters})
    assert built["inputs"]["parameterValues"] == {"steps": 5.0}


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("STRING", 5, "Train: its parameter x should be a STRING, got 5"),
        ("NUMBER_INTEGER", "5", "Train: its parameter x should be a NUMBER_INTEGER, got '5'"),
        ("NUMBER_INTEGER", True, "Train: its parameter x should be a NUMBER_INTEGER, got True"),
        (
            "STRING",
            "run {{$.pipeline_job_uuid}}",
            "Train: its parameter x has a placeholder, which a rehearsal does not",
        ),
    ],
)
def test_a_parameter_of_another_type(kind, value, message):
    definitions = {"parameters": {"x": {"parameterType": kind}}}
    with pytest.raises(UserError, match=message.replace("{", r"\{")):
        build(task(parameters={"x": value}), inputDefinitions=definitions)


def test_a_parameter_without_a_value():
    with pytest.raises(UserError, match="Train: has no value for its parameter x"):
        build(task(), inputDefinitions={"parameters": {"x": {"parameterType": "STRING"}}})


def test_a_parameter_from_another_task():
    source = {"parameters": {"x": {"taskOutputParameter": {"producerTask": "Read", "outputParameterKey": "x"}}}}
    with pytest.raises(UserError, match="Train: a rehearsal takes constants alone; its parameter x has taskOutputPara"):
        build(task(inputs=source), inputDefinitions={"parameters": {"x": {"parameterType": "STRING"}}})
