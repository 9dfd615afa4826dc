"""The pipeline itself, compiled; every option of `kubeflow` is looked for in the field that the backend reads."""

from __future__ import annotations

import json

import pytest
import yaml
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2 as protos
from tfx import version
from tfx.orchestration.kubeflow.v2.container.kubeflow_v2_entrypoint_utils import parse_execution_properties
from tfx.utils.import_utils import import_class_by_path

from components.names import BEAM, COMPONENTS
from kubeflow.verdict_task import VERDICT_TASK
from pipeline.cli import main
from pipeline.create_pipeline import Places, create_pipeline
from schema.user_error import UserError
from tests.kubeflow.cluster_config import EVERY_OPTION, LEAST, cluster_config
from tests.kubeflow.compiled_pipeline import CLASSES, Compiled, compiled
from tests.pipeline.conftest import LABEL_MAP

OPTIONAL = {"Tuner", "InitialModel", "MlflowTracker", "BulkInferrer"}


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Compiled:
    return compiled(tmp_path_factory.mktemp("full"), EVERY_OPTION)


@pytest.fixture(scope="module")
def least(tmp_path_factory) -> Compiled:
    return compiled(tmp_path_factory.mktemp("least"))


def test_every_component_is_a_task(full, least):
    assert set(full.tasks) == {*COMPONENTS, VERDICT_TASK}
    assert set(least.tasks) == {*COMPONENTS, VERDICT_TASK} - OPTIONAL
    assert (full.spec.pipeline_info.name, full.spec.schema_version) == ("roads", "2.1.0")


def test_every_task_runs_our_command_in_the_image(full):
    for name in COMPONENTS:
        container = full.container(name)
        assert container.image == "registry.example.com/segpipe:1"
        assert container.command == ["python", "-m", "kubeflow.entry_point", "--compiled-with", version.__version__]
        assert container.args[0] == "--executor_class_path"
        assert not container.HasField("lifecycle")
        assert not container.env


def test_cpu_memory_and_gpu(full):
    trainer, evaluator, gate = (full.container(name).resources for name in ("Trainer", "Evaluator", "Gate"))
    assert (trainer.cpu_limit, trainer.memory_limit) == (7.5, 30.5)
    assert (trainer.accelerator.type, trainer.accelerator.count) == ("amd.com/gpu", 2)
    assert (evaluator.cpu_limit, evaluator.memory_limit) == (2, 16)
    assert (evaluator.accelerator.type, evaluator.accelerator.count) == ("nvidia.com/gpu", 1)
    tuner = full.container("Tuner").resources
    assert (tuner.cpu_limit, tuner.memory_limit) == (2, 24)
    assert (tuner.accelerator.type, tuner.accelerator.count) == ("nvidia.com/gpu", 3)
    assert (gate.cpu_limit, gate.memory_limit, gate.HasField("accelerator")) == (2, 8, False)


def test_retries(full):
    policy = full.tasks["Trainer"].retry_policy
    assert (policy.max_retry_count, policy.backoff_factor) == (5, 2.0)
    assert (policy.backoff_duration.seconds, policy.backoff_max_duration.seconds) == (30, 3600)
    assert full.tasks["Report"].retry_policy.max_retry_count == 2
    assert not full.tasks["Gate"].HasField("retry_policy")


def test_node_selectors_tolerations_secrets_and_volumes(full):
    assert full.kubernetes("Report") == {
        "nodeSelector": {"labels": {"example.com/pool": "cpu"}},
        "tolerations": [{"key": "dedicated", "operator": "Equal", "value": "vision", "effect": "NoSchedule"}],
        "secretAsEnv": [
            {
                "secretName": "mlflow",
                "secretNameParameter": {"runtimeValue": {"constant": "mlflow"}},
                "keyToEnv": [{"secretKey": "token", "envVar": "MLFLOW_TRACKING_TOKEN"}],
                "optional": False,
            }
        ],
        "pvcMount": [
            {
                "constant": "models",
                "pvcNameParameter": {"runtimeValue": {"constant": "models"}},
                "mountPath": "/models",
            }
        ],
    }
    trainer = full.kubernetes("Trainer")
    assert trainer["nodeSelector"] == {"labels": {"example.com/pool": "gpu", "zone": "b"}}
    assert trainer["tolerations"] == [
        {"key": "example.com/gpu", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": "3600"},
        {"operator": "Exists"},
    ]
    assert [(secret["secretName"], *secret["keyToEnv"]) for secret in trainer["secretAsEnv"]] == [
        ("store.v1", {"secretKey": "access-key", "envVar": "AWS_ACCESS_KEY_ID"}),
        ("store.v1", {"secretKey": "secret.key", "envVar": "AWS_SECRET_ACCESS_KEY"}),
    ]
    assert [(volume["constant"], volume["mountPath"]) for volume in trainer["pvcMount"]] == [
        ("models", "/models"),
        ("checkpoints", "/checkpoints"),
    ]
    assert full.kubernetes("Gate") == {}


def test_places(full, least):
    assert full.spec.default_pipeline_root == "s3://artifacts/segpipe"
    assert full.parameters("SegmentationExampleGen")["input_base"] == "gs://bucket/roads"
    assert full.parameters("Baseline")["push_destination"] == "/models/roads"
    pushed_to = json.loads(full.parameters("Pusher")["push_destination"])
    assert pushed_to == {"filesystem": {"base_directory": "/models/roads"}}
    assert json.loads(full.parameters("Trainer")["custom_config"])["checkpoints"] == "/checkpoints/roads"
    assert full.parameters("AnomalyGuard")["kept"] == "/models/roads-statistics"
    assert "kept" not in least.parameters("AnomalyGuard")


def test_what_was_pushed_goes_to_a_trainer_that_starts_from_it(full, least):
    source = full.tasks["Trainer"].inputs.artifacts["base_model"].task_output_artifact
    assert (source.producer_task, source.output_artifact_key) == ("InitialModel", "baseline")
    assert full.parameters("InitialModel")["push_destination"] == full.parameters("Baseline")["push_destination"]
    assert not full.tasks["InitialModel"].inputs.artifacts
    assert "base_model" not in least.tasks["Trainer"].inputs.artifacts


def test_what_the_tuner_finds_goes_to_the_trainer(full, least):
    artifacts = full.tasks["Trainer"].inputs.artifacts
    source = artifacts["hyperparameters"].task_output_artifact
    assert (source.producer_task, source.output_artifact_key) == ("Tuner", "best_hyperparameters")
    assert "hyperparameters" not in least.tasks["Trainer"].inputs.artifacts
    start = full.tasks["Tuner"].inputs.artifacts["base_model"].task_output_artifact
    assert (start.producer_task, start.output_artifact_key) == ("InitialModel", "baseline")
    told = json.loads(full.parameters("Tuner")["custom_config"])
    assert (told["tuner"]["trials"], told["training"]["steps"], told["training"]["held_out"]) == (4, 500, 0.1)
    assert told["checkpoints"] == "/checkpoints/roads"
    assert told["code"] == json.loads(full.parameters("Trainer")["custom_config"])["code"] != ""


def test_a_changed_search_is_another_task_and_more_steps_of_the_run_are_not(full, tmp_path):
    def tuner(*overrides: str) -> dict:
        return compiled(tmp_path, EVERY_OPTION, *overrides).parameters("Tuner")

    assert tuner("training.steps=9000") == full.parameters("Tuner")
    for override in ("tuner.trials=5", "tuner.search.dice=[0, 1]", "training.batch_size=2", "seed=2"):
        assert tuner(override) != full.parameters("Tuner")


def test_a_blessed_model_predicts_a_split_once_it_is_reported(full):
    inferrer = full.tasks["BulkInferrer"]
    sources = {
        key: (source.task_output_artifact.producer_task, source.task_output_artifact.output_artifact_key)
        for key, source in inferrer.inputs.artifacts.items()
    }
    assert sources == {
        "examples": ("SegmentationExampleGen", "examples"),
        "model": ("Trainer", "model"),
        "model_blessing": ("Gate", "blessing"),
    }
    assert "Report" in inferrer.dependent_tasks
    told = full.parameters("BulkInferrer")
    assert json.loads(told["data_spec"]) == {"example_splits": ["train"]}
    assert json.loads(told["model_spec"]) == {"model_signature_name": ["bulk"]}


def test_beam_options_are_of_beam_components_alone(full):
    direct = "--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner"
    flink = {"--flink_master=flink:8081", "--parallelism=4", "--environment_config=localhost:50000"}
    for name in COMPONENTS:
        _, _, _, invocation, _, _, *options = full.container(name).args  # TFX's are three, each with its value
        assert invocation == "{{$}}"
        if name == "Transform":
            assert options[0] == "--runner=FlinkRunner" and flink < set(options)
            assert "--direct_num_workers=2" not in options
        elif name in BEAM:
            assert options[0] == direct and "--direct_num_workers=2" in options
            assert not flink & set(options)
        else:
            assert options == []


def test_leaks_stop_the_run_before_anything_is_learnt(tmp_path):
    spec = compiled(tmp_path, LEAST, "data.near_duplicates=fail", "data.near_duplicate_distance=7")
    assert {"AnomalyGuard", "LeakGuard"} <= set(spec.tasks["Transform"].dependent_tasks)
    settings = spec.parameters("LeakGuard")
    assert (settings["near_duplicates"], settings["distance"]) == ("fail", 7)


def test_nothing_is_asked_that_was_not_said(least):
    assert least.platform == {}
    assert least.spec.default_pipeline_root == ""
    for name, task in least.tasks.items():
        assert not least.container(name).HasField("resources")
        assert not task.HasField("retry_policy")


def test_what_depends_on_more_than_its_inputs_is_never_cached(full, least, tmp_path):
    never = {"AnomalyGuard", "InitialModel", "Baseline", "Pusher", "MlflowTracker"}
    assert least.cached() == set(COMPONENTS) - never - {"SegmentationExampleGen"} - OPTIONAL
    assert full.cached() == set(COMPONENTS) - never - {"Gate"}  # the data has a version, the gate is told not to
    assert compiled(tmp_path, EVERY_OPTION, "cache=false").cached() == set()
    only = ("kubeflow.all.cache=false", "kubeflow.components={Trainer: {cache: true}, Pusher: {cache: true}}")
    assert compiled(tmp_path, LEAST, *only).cached() == {"Trainer"}


def test_data_of_another_version_is_read_anew(full, least, tmp_path):
    """The backend's cache compares parameters, of which the executor gets one more."""
    before = full.parameters("SegmentationExampleGen")
    after = compiled(tmp_path, EVERY_OPTION, "kubeflow.data_version=June").parameters("SegmentationExampleGen")
    assert before.pop("data_version") == "May 2026" and after.pop("data_version") == "June"
    assert before == after
    assert "data_version" not in least.parameters("SegmentationExampleGen")

    component = full.spec.components["SegmentationExampleGen"].input_definitions
    assert component.parameters["data_version"].parameter_type == protos.ParameterType.STRING
    container, inputs = full.container("SegmentationExampleGen"), protos.ExecutorInput.Inputs()
    known = json_format.Parse(container.args[5], protos.ComponentInputsSpec())
    for key, value in full.tasks["SegmentationExampleGen"].inputs.parameters.items():
        inputs.parameter_values[key].CopyFrom(value.runtime_value.constant)
    properties = parse_execution_properties(inputs.parameter_values, None, known)
    assert (properties["data_version"], properties["output_file_format"]) == ("May 2026", 5)


def test_the_same_configuration_compiles_to_the_same(full, tmp_path):
    run_dir = json.loads(full.parameters("Report")["settings"])["config"]["run_dir"]
    again = compiled(tmp_path, EVERY_OPTION, f"run_dir={run_dir}")
    assert (again.json, again.platform) == (full.json, full.platform)


def test_how_a_task_runs_changes_nothing_of_what_it_computes(least, tmp_path):
    """So more memory does not train anew; only what shows the whole configuration is made again."""
    overrides = ("kubeflow.all={cpu: 8, retries: 3, node_selector: {pool: cpu}}", "kubeflow.pipeline_root=gs://bucket")
    other = compiled(tmp_path, LEAST, *overrides)
    for name in set(least.tasks) - {"Report"}:
        assert other.parameters(name) == least.parameters(name)
        assert (other.container(name).command, other.container(name).args) == (
            least.container(name).command,
            least.container(name).args,
        )


def test_a_cluster_changes_nothing_of_a_run_on_this_machine(tmp_path):
    """Its cache compares the properties of components: the report alone shows the whole configuration."""
    config = cluster_config(tmp_path, LEAST)
    places = Places(data="/data", root="/root", serving="/serving", checkpoints="/checkpoints")
    here, there = (
        {each.id: each.exec_properties for each in create_pipeline(kind, CLASSES, "", places).components}
        for kind in (config.model_copy(update={"kubeflow": None}), config)
    )
    assert {name for name in there if here[name] != there[name]} == {"Report"}


def test_every_type_of_artifact_is_found_by_its_name(full):
    titles = set()
    for component in full.spec.components.values():
        for definitions in (component.input_definitions, component.output_definitions):
            schemas = (artifact.artifact_type.instance_schema for artifact in definitions.artifacts.values())
            titles |= {yaml.safe_load(schema)["title"] for schema in schemas}
    ours = {title for title in titles if not title.startswith("tfx.")}
    assert ours == {"components.LeakFindings", "components.SegmentationReport", "components.MlflowRun"}
    assert {import_class_by_path(title).TYPE_NAME for title in ours} == ours


def test_vertex_ai_takes_what_kubeflow_alone_has_not(tmp_path):
    places = [f"kubeflow.{key}=gs://bucket/{key}" for key in ("data", "serving", "checkpoints", "pipeline_root")]
    gpu = "kubeflow.components.Trainer.gpu.type=NVIDIA_TESLA_T4"
    vertex = compiled(tmp_path, LEAST, *places, gpu, target="vertex")
    assert vertex.container("Trainer").resources.accelerator.type == "NVIDIA_TESLA_T4"
    assert vertex.spec.default_pipeline_root == "gs://bucket/pipeline_root"
    with pytest.raises(UserError, match="Kubernetes settings"):
        compiled(tmp_path, LEAST, *places, "kubeflow.all.node_selector={pool: cpu}", target="vertex")


def test_a_span_pattern_is_refused_before_it_is_taken_for_a_file_name(tmp_path):
    with pytest.raises(UserError) as caught:
        compiled(tmp_path, LEAST, "data.train='span-{SPAN}/train-*'")
    assert str(caught.value).splitlines()[1:] == [
        "  SegmentationExampleGen: input_config has a span or version pattern, which nobody would resolve"
    ]


def test_the_command_writes_one_file_of_two_documents_or_none(tmp_path, capsys):
    cluster_config(tmp_path, EVERY_OPTION)
    label_map, out = tmp_path / "label_map.yaml", tmp_path / "made" / "pipeline.yaml"
    label_map.write_text(LABEL_MAP)
    arguments = ["compile", str(tmp_path / "cluster.yaml"), "--out", str(out), "--set", f"data.label_map={label_map}"]
    assert main([*arguments, "--set", "data.train='{SPAN}/*'"]) == 1
    assert "segpipe: not executable on kfp:\n" in capsys.readouterr().err
    assert not out.exists() and not list(tmp_path.glob("**/*.unfinished"))
    assert main([*arguments, "--target", "vertex"]) == 1
    assert "kubeflow.serving: /models/roads is no place on Vertex AI" in capsys.readouterr().err
    assert main([*arguments, "--set", "model.weights=/nowhere.h5"]) == 1
    assert "model.weights: no file /nowhere.h5" in capsys.readouterr().err

    assert main(arguments) == 0
    assert capsys.readouterr().out == f"{out}: 19 tasks, all of what kfp executes\n"
    spec, platform = yaml.safe_load_all(out.read_text())
    assert Compiled(spec, platform).kubernetes("Trainer")["nodeSelector"]["labels"]["zone"] == "b"

    assert main([*arguments, "--set", "kubeflow.all={}", "--set", "kubeflow.components={}"]) == 0
    (spec,) = yaml.safe_load_all(out.read_text())  # nothing is asked of Kubernetes
    assert spec["schemaVersion"] == "2.1.0"
