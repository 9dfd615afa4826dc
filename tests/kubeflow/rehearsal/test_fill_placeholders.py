import json

import pytest

from kubeflow.rehearsal.fill_placeholders import fill_placeholders
from schema.user_error import UserError

INPUT = {
    "inputs": {
        "parameterValues": {"name": "ü {{$}}", "steps": 12.0, "rate": 0.5, "deep": {"a": [1]}, "on": True},
        "artifacts": {
            "model": {"artifacts": [{"uri": "minio://bucket/model"}]},
            "weights": {"artifacts": [{"uri": "/mnt/weights"}]},
        },
    },
    "outputs": {
        "artifacts": {"report": {"artifacts": [{"uri": "gs://bucket/report"}]}},
        "parameters": {"score": {"outputFile": "/copies/tmp/kfp/outputs/score"}},
        "outputFile": "/copies/out.json",
    },
}


@pytest.mark.parametrize(
    ("argument", "filled"),
    [
        ("--plain={x}", "--plain={x}"),
        ("{{$.inputs.artifacts['model'].uri}}/x", "minio://bucket/model/x"),
        ("{{$.inputs.artifacts['model'].path}}", "/copies/minio/bucket/model"),
        ("{{$.inputs.artifacts['weights'].path}}", "/mnt/weights"),
        ("{{$.outputs.artifacts['report'].path}}", "/copies/gcs/bucket/report"),
        ("{{$.outputs.parameters['score'].output_file}}", "/copies/tmp/kfp/outputs/score"),
        ("{{$.inputs.parameters['name']}}", "ü {{$}}"),
        (
            "{{$.inputs.parameters['steps']}} {{$.inputs.parameters['rate']}} {{$.inputs.parameters['on']}}",
            "12 0.5 true",
        ),
        ("{{$.inputs.parameters['deep']}}", '{"a": [1]}'),
    ],
)
def test_what_the_launcher_fills(argument, filled):
    assert fill_placeholders(argument, INPUT, "/copies") == filled


def test_the_whole_input():
    assert json.loads(fill_placeholders("{{$}}", INPUT, "/copies")) == INPUT


@pytest.mark.parametrize("placeholder", ["{{$.inputs.artifacts['modle'].uri}}", "{{$.pipeline_job_uuid}}", "{{$.x}}"])
def test_what_nobody_fills(placeholder):
    with pytest.raises(UserError) as caught:
        fill_placeholders(f"a{placeholder}b", INPUT, "/copies")
    assert f"nobody fills the placeholder {placeholder}; known here are {{{{$}}}}, " in str(caught.value)
