"""Compiles the pipeline for Kubeflow Pipelines v2, into what its open-source backend executes."""

from __future__ import annotations

from typing import Any

from tfx import version
from tfx.orchestration.kubeflow.v2.kubeflow_v2_dag_runner import KubeflowV2DagRunner, KubeflowV2DagRunnerConfig

from kubeflow.check_spec import check_spec
from kubeflow.cluster_settings import cluster_settings
from kubeflow.kubernetes_spec import kubernetes_spec
from kubeflow.settings import DEFAULT_ROOT, KubeflowSettings
from kubeflow.verdict_task import add_verdict_task
from pipeline.config import Config
from pipeline.create_pipeline import Places, create_pipeline
from pipeline.read_schema import read_schema
from schema.label_map import LabelMap

# What runs in the image; `--compiled-with` lets it refuse a spec of another TFX.
COMMAND = ("python", "-m", "kubeflow.entry_point", "--compiled-with", version.__version__)

# Their answers depend on more than their inputs, of which a driver takes note where there is one.
_NEVER_CACHED = ("SegmentationExampleGen", "AnomalyGuard", "InitialModel", "Baseline", "Pusher", "MlflowTracker")


def compile_pipeline(config: Config, label_map: LabelMap, target: str = "kfp") -> tuple[dict[str, Any], dict[str, Any]]:
    """Compiles a configuration that has a `kubeflow` section.

    Args:
        config: the run.
        label_map: the classes of its data.
        target: `kfp`, the open-source backend, or `vertex`, which takes the same document: a bare PipelineSpec, the
            `template_path` of `google.cloud.aiplatform.PipelineJob`.

    Returns:
        The PipelineSpec (2.1) and the Kubernetes platform spec as JSON objects; the latter is empty where nothing is
        asked of Kubernetes.

    Raises:
        UserError: there is no such section, the run's name or one of its places is not for the target, or the spec
            holds what the target does not execute.
    """
    settings = cluster_settings(config, target)
    places = Places(
        data=settings.data,
        root=settings.pipeline_root or DEFAULT_ROOT,
        serving=settings.serving,
        checkpoints=settings.checkpoints,
        statistics=settings.statistics,
    )
    schema_text = read_schema(config.data.schema_path)
    runner = KubeflowV2DagRunner(
        KubeflowV2DagRunnerConfig(
            display_name=config.name,
            default_image=settings.image,
            default_commands=list(COMMAND),
            use_pipeline_spec_2_1=True,
        )
    )
    job = runner.run(create_pipeline(config, label_map, schema_text, places), write_out=False)
    spec = job["pipelineSpec"]
    if settings.pipeline_root:
        spec["defaultPipelineRoot"] = settings.pipeline_root
    for name, task in spec["root"]["dag"]["tasks"].items():
        executor = spec["deploymentSpec"]["executors"][spec["components"][name]["executorLabel"]]
        _adapt(name, task, executor, settings, cached=config.cache)
    if settings.data_version:
        _add_parameter(spec, "SegmentationExampleGen", "data_version", settings.data_version)
    if target == "kfp":
        add_verdict_task(spec, settings.image)
    platform = kubernetes_spec(spec, settings)
    check_spec(spec, platform, target)
    return spec, platform


def _add_parameter(spec: dict, name: str, key: str, value: str) -> None:
    """Gives a component a parameter that it does not read: the backend's cache compares parameters, not files."""
    spec["components"][name]["inputDefinitions"]["parameters"][key] = {"parameterType": "STRING"}
    spec["root"]["dag"]["tasks"][name]["inputs"]["parameters"][key] = {"runtimeValue": {"constant": value}}


def _adapt(name: str, task: dict, executor: dict, settings: KubeflowSettings, *, cached: bool) -> None:
    """Puts what TFX has no words for into a task and its executor."""
    own = settings.task(name)
    # TFX's driver of file-based ExampleGens, which the open-source backend would pass over in silence.
    executor["container"].pop("lifecycle", None)
    resources: dict[str, Any] = {}
    if own.cpu is not None:
        resources["cpuLimit"] = own.cpu
    if own.memory is not None:
        resources["memoryLimit"] = own.memory
    if own.gpu is not None:
        resources["accelerator"] = {"type": own.gpu.type, "count": str(own.gpu.count)}
    if resources:
        executor["container"]["resources"] = resources
    if own.retries:
        task["retryPolicy"] = {
            "maxRetryCount": own.retries,
            "backoffDuration": "30s",
            "backoffFactor": 2.0,
            "backoffMaxDuration": "3600s",
        }
    may_be_cached = name not in _NEVER_CACHED or (name == "SegmentationExampleGen" and settings.data_version)
    task["cachingOptions"] = {"enableCache": True} if cached and own.cache and may_be_cached else {}
