"""Small pipelines, each with one thing that open-source Kubeflow does not execute, compiled by TFX itself."""

from pathlib import Path
from typing import Any

from tfx import v1 as tfx
from tfx.components.infra_validator.executor import Executor
from tfx.dsl.components.base.base_component import BaseComponent
from tfx.dsl.components.base.executor_spec import ExecutorClassSpec
from tfx.orchestration.kubeflow.decorators import FinalStatusStr, exit_handler
from tfx.orchestration.kubeflow.v2.kubeflow_v2_dag_runner import KubeflowV2DagRunner, KubeflowV2DagRunnerConfig
from tfx.proto import example_gen_pb2, infra_validator_pb2
from tfx.types.standard_component_specs import InfraValidatorSpec

artifacts = tfx.types.standard_artifacts


@tfx.dsl.components.component
def Say(  # noqa: N802
    text: tfx.dsl.components.Parameter[str], said: tfx.dsl.components.OutputArtifact[artifacts.String]
):
    """Makes a value."""


@exit_handler
def Last(status: tfx.dsl.components.Parameter[str]):  # noqa: N802
    """Would be told how the pipeline ended."""


class Validator(BaseComponent):
    """InfraValidator under another name: TFX refuses to compile it under its own."""

    SPEC_CLASS = InfraValidatorSpec
    EXECUTOR_SPEC = ExecutorClassSpec(Executor)


def compiled(
    components: list, root: Path | str = "/root", *, last: Any = None, schema_2_1: bool = True
) -> dict[str, Any]:
    """The PipelineSpec that TFX makes of the components."""
    runner = KubeflowV2DagRunner(KubeflowV2DagRunnerConfig(default_image="image:1", use_pipeline_spec_2_1=schema_2_1))
    if last:
        runner.set_exit_handler(last)
    pipeline = tfx.dsl.Pipeline(pipeline_name="planted", pipeline_root=str(root), components=components)
    return runner.run(pipeline, write_out=False)["pipelineSpec"]


def plain() -> dict[str, Any]:
    """Nothing is wrong with it: an importer and a container."""
    return compiled([_imported(artifacts.Model), Say(text="hello")])


def schema_2_0() -> dict[str, Any]:
    return compiled([Say(text="hello")], schema_2_1=False)


def resolver(strategy: type) -> dict[str, Any]:
    channels = {
        "model": tfx.dsl.Channel(type=artifacts.Model),
        "model_blessing": tfx.dsl.Channel(type=artifacts.ModelBlessing),
    }
    return compiled([tfx.dsl.Resolver(strategy_class=strategy, **channels).with_id("Latest")])


def infra_validator() -> dict[str, Any]:
    model = _imported(artifacts.Model)
    spec = InfraValidatorSpec(
        model=model.outputs["result"],
        serving_spec=infra_validator_pb2.ServingSpec(),
        blessing=tfx.dsl.Channel(type=artifacts.InfraBlessing),
    )
    return compiled([model, Validator(spec)])


def dynamic_property() -> dict[str, Any]:
    first = Say(text="hello").with_id("First")
    return compiled([first, Say(text=first.outputs["said"].future()[0].value).with_id("Second")])


def runtime_parameter() -> dict[str, Any]:
    return compiled([Say(text=tfx.dsl.experimental.RuntimeParameter(name="word", ptype=str, default="hello"))])


def file_based_example_gen(pattern: str) -> dict[str, Any]:
    """It comes with a driver, `lifecycle.preCacheCheck`."""
    splits = [example_gen_pb2.Input.Split(name="train", pattern=pattern)]
    return compiled(
        [tfx.components.ImportExampleGen(input_base="/data", input_config=example_gen_pb2.Input(splits=splits))]
    )


def module_file(folder: Path) -> dict[str, Any]:
    file = folder / "trainer.py"
    file.write_text("def run_fn(fn_args): ...\n")
    examples = _imported(artifacts.Examples)
    trainer = tfx.components.Trainer(module_file=str(file), examples=examples.outputs["result"])
    return compiled([examples, trainer], folder / "root")


def with_exit_handler() -> dict[str, Any]:
    return compiled([Say(text="hello")], last=Last(status=FinalStatusStr()))


def _imported(kind: type) -> Any:
    return tfx.dsl.Importer(source_uri="/imported", artifact_type=kind).with_id("Imported")
