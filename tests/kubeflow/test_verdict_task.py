from __future__ import annotations

import copy

import pytest
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

from kubeflow.check_spec import check_spec
from kubeflow.rehearsal.condition_holds import condition_holds
from kubeflow.verdict_task import CONDITION, add_verdict_task
from tests.kubeflow.compiled import compiled


def test_the_task_that_is_executed_where_the_gate_blessed():
    expected = compiled()
    given = copy.deepcopy(expected)
    for part in (given["components"], given["root"]["dag"]["tasks"]):
        del part["Blessed"]
    del given["deploymentSpec"]["executors"]["Blessed_executor"]
    add_verdict_task(given, "segpipe:1")
    assert given == expected
    check_spec(given, {})
    json_format.ParseDict(given, pipeline_spec_pb2.PipelineSpec())


def test_the_condition_is_what_tfx_compiles():
    from tfx.orchestration.kubeflow.v2.compiler_utils import placeholder_to_cel
    from tfx.types import Channel, channel_utils, standard_artifacts

    from components.gate.component import Gate

    gate = Gate(
        evaluation=Channel(type=standard_artifacts.ModelEvaluation),
        baseline=Channel(type=standard_artifacts.Model),
        model=Channel(type=standard_artifacts.Model),
        servability=Channel(type=standard_artifacts.InfraBlessing),
        settings="{}",
    )
    predicate = gate.outputs["blessing"].future()[0].custom_property("blessed") == 1
    encoded = channel_utils.encode_placeholder_with_channels(predicate, lambda channel: channel.output_key)
    # TFX adds an input of that name for the condition's sake; ours has one of its own.
    assert placeholder_to_cel(encoded).replace("_Gate.blessing", "blessing") == f"({CONDITION})"


@pytest.mark.parametrize(("blessed", "holds"), [(1, True), (0, False)])
def test_what_the_gate_writes_decides_it(blessed, holds):
    from tfx.orchestration.kubeflow.v2.container.kubeflow_v2_entrypoint_utils import to_runtime_artifact
    from tfx.types import standard_artifacts

    blessing = standard_artifacts.ModelBlessing()
    blessing.set_int_custom_property("blessed", blessed)
    artifact = json_format.MessageToDict(to_runtime_artifact(blessing, {}))
    inputs = {"artifacts": {"blessing": {"artifacts": [artifact]}}, "parameterValues": {}}
    assert condition_holds(CONDITION, {"inputs": inputs}) is holds
