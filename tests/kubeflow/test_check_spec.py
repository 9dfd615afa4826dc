from __future__ import annotations

import pytest
from tfx import v1 as tfx

from kubeflow.check_spec import check_spec
from schema.user_error import UserError
from tests.kubeflow import planted_pipelines as planted

PLATFORM = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"Say_executor": {}}}}}}
BLESSED, LATEST = tfx.dsl.experimental.LatestBlessedModelStrategy, tfx.dsl.experimental.LatestArtifactStrategy


def faults(spec: dict, platform: dict | None = None, target: str = "kfp") -> list[str]:
    with pytest.raises(UserError) as caught:
        check_spec(spec, platform or {}, target)
    first, *lines = str(caught.value).splitlines()
    assert first == f"not executable on {target}:"
    return [line.strip() for line in lines]


@pytest.mark.parametrize(("target", "platform"), [("kfp", {}), ("kfp", PLATFORM), ("vertex", {})])
def test_what_is_executed_is_accepted(target, platform):
    assert check_spec(planted.plain(), platform, target) is None


def test_a_target_that_there_is_not():
    with pytest.raises(UserError, match="no target argo; there are kfp, vertex"):
        check_spec(planted.plain(), {}, "argo")


@pytest.mark.parametrize(
    ("strategy", "tasks"),
    [(BLESSED, ["Latest-model-blessing-resolver", "Latest-model-resolver"]), (LATEST, ["Latest"])],
)
def test_resolvers_are_vertex_ais(strategy, tasks):
    spec = planted.resolver(strategy)
    assert faults(spec) == [f"{task}: is executed by a resolver; allowed are container, importer" for task in tasks]
    assert check_spec(spec, {}, "vertex") is None


def test_a_driver_is_vertex_ais():
    spec = planted.file_based_example_gen("train-*")
    assert "preCacheCheck" in spec["deploymentSpec"]["executors"]["ImportExampleGen_executor"]["container"]["lifecycle"]
    assert faults(spec) == ["ImportExampleGen: has a driver before the container (preCacheCheck), which is never run"]
    assert check_spec(spec, {}, "vertex") is None


@pytest.mark.parametrize("pattern", ["span-{SPAN}/train-*", "{SPAN:3}/*", "{YYYY}-{MM}-{DD}/*", "span-1/v{VERSION}/*"])
def test_a_span_pattern_is_refused_though_it_compiles(pattern):
    refused = faults(planted.file_based_example_gen(pattern))
    assert refused[1:] == ["ImportExampleGen: input_config has a span or version pattern, which nobody would resolve"]


def test_a_file_pattern_with_alternatives_is_none_of_spans():
    assert len(faults(planted.file_based_example_gen("{train,val}-*"))) == 1  # the driver


@pytest.mark.parametrize(
    ("plant", "refused"),
    [
        (planted.schema_2_0, ["the schema version is 2.0.0; expected 2.1.0"]),
        (
            planted.infra_validator,
            ["Validator: is an InfraValidator, which needs Docker or a cluster of its own"],
        ),
        (
            planted.dynamic_property,
            ["Second: text is known only when the pipeline runs, from a producer that TFX misnames"],
        ),
        (
            planted.runtime_parameter,
            [
                "runtime parameter word: TFX drops its default, so every run would have to state it",
                "Say: text is a runtime parameter",
            ],
        ),
        (
            planted.with_exit_handler,
            [
                "Last: status is of taskFinalStatus, which is not supported",
                "tfx-dag: is a pipeline in the pipeline, which is not supported",
            ],
        ),
    ],
)
@pytest.mark.parametrize("target", ["kfp", "vertex"])
def test_what_neither_executes_is_refused_though_it_compiles(plant, refused, target):
    assert faults(plant(), target=target) == refused


def test_a_module_file_is_refused_under_the_name_that_tfx_gives_it(tmp_path):
    spec = planted.module_file(tmp_path)
    assert (
        ".whl"
        in spec["root"]["dag"]["tasks"]["Trainer"]["inputs"]["parameters"]["module_path"]["runtimeValue"]["constant"]
    )
    assert faults(spec) == [
        "Trainer: has a module_file, for which the image would need pip: name the function by its dotted path"
    ]


def test_what_is_asked_of_kubernetes_is_not_for_vertex_ai():
    assert faults(planted.plain(), PLATFORM, "vertex") == [
        "Kubernetes settings (node_selector, tolerations, secrets, volumes) are of open-source Kubeflow alone"
    ]


def test_vertex_ai_has_its_own_accelerators_and_store():
    spec = planted.plain()
    container = spec["deploymentSpec"]["executors"]["Say_executor"]["container"]
    container["resources"] = {"accelerator": {"type": "nvidia.com/gpu", "count": "1"}}
    spec["defaultPipelineRoot"] = "minio://artifacts"
    assert check_spec(spec, {}, "kfp") is None
    assert faults(spec, target="vertex") == [
        "the pipeline root is minio://artifacts; Vertex AI has gs:// alone",
        "Say: asks for nvidia.com/gpu; Vertex AI names accelerators as NVIDIA_TESLA_T4",
    ]
    container["resources"]["accelerator"]["type"], spec["defaultPipelineRoot"] = "NVIDIA_TESLA_T4", "gs://artifacts"
    assert check_spec(spec, {}, "vertex") is None


def test_what_tfx_does_not_make_is_refused_too():
    """By hand: keys that a later TFX may write and nobody has looked at yet."""
    spec = planted.plain()
    tasks, executors = spec["root"]["dag"]["tasks"], spec["deploymentSpec"]["executors"]
    tasks["Say"]["parameterIterator"] = {"items": {"raw": "[]"}}
    tasks["Say"]["inputs"]["artifacts"] = {"model": {"taskOutputArtifact": {"producerTask": "Nobody"}}}
    executors["Say_executor"]["container"]["accessMode"] = "x"
    executors["Imported_executor"] = {"customJob": {}}
    tasks["Lost"] = {"componentRef": {"name": "Lost"}}
    tasks["Idle"] = {"componentRef": {"name": "Idle"}}
    spec["components"]["Idle"] = {"executorLabel": "Idle_executor"}
    assert faults(spec) == [
        "Idle: has no executor Idle_executor",
        "Imported: is executed by a customJob; allowed are container, importer",
        "Lost: refers to a component that is not in the spec",
        "Say: parameterIterator is not supported",
        "Say: has accessMode, which is never run",
        "Say: takes model from Nobody, which is no task",
    ]
