"""What a cluster needs to be told, beside what a run on one machine needs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, create_model, field_validator, model_validator

from components.names import COMPONENTS
from models.settings import Settings

DEFAULT_ROOT = "minio://mlpipeline/v2/artifacts"  # of a Kubeflow Pipelines installation; every run states its own


def _like(pattern: str, words: str) -> AfterValidator:
    def check(value: str) -> str:
        if len(value) > 253 or not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(f"should be {words}")
        return value

    return AfterValidator(check)


def _no_slash_at_the_end(value: str) -> str:
    return value.rstrip("/")


_Folder = Annotated[str, _like(r"/[^:\s]*[^:/\s]/*", "an absolute path without : and spaces")]
_Place = Annotated[
    str,
    _like(
        r"(/|gs://)[^*?\[\]{}]*[^*?\[\]{}/]/*",
        "an absolute path on a mounted volume or a gs:// URI, for TensorFlow reads no other object store; with none of "
        "* ? [ ] { }",
    ),
    AfterValidator(_no_slash_at_the_end),
]
_PipelineRoot = Annotated[
    str, _like(r"(minio|s3|gs)://[^/]+.*", "a minio://, s3:// or gs:// URI"), AfterValidator(_no_slash_at_the_end)
]
# What Kubernetes would refuse when the pod is made, hours after compiling perhaps.
_Object = Annotated[
    str,
    _like(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", "the name of a Kubernetes object: lower-case letters, digits, - and ."),
]
_Variable = Annotated[str, _like(r"[A-Za-z_]\w*", "the name of an environment variable: letters, digits and _")]
_SecretKey = Annotated[str, _like(r"[-.\w]+", "a key of a secret: letters, digits, -, _ and .")]
_Label = Annotated[
    str, _like(r"([-a-z0-9.]+/)?[A-Za-z0-9]([-.\w]{0,61}[A-Za-z0-9])?", "a label's name, such as example.com/pool")
]
_LabelValue = Annotated[
    str, _like(r"([A-Za-z0-9]([-.\w]{0,61}[A-Za-z0-9])?)?", "a label's value: up to 63 letters, digits, -, _ and .")
]


class GpuSettings(Settings):
    """Accelerators of one task."""

    type: _Label = Field(
        "nvidia.com/gpu",
        description="the resource that the cluster's device plugin offers; on Vertex AI an accelerator type, such as "
        "NVIDIA_TESLA_T4",
    )
    count: int = Field(1, ge=1, description="how many")


class TolerationSettings(Settings):
    """Lets a task onto tainted nodes, as Kubernetes has it."""

    key: _Label | None = Field(None, description="the taint's key; without it every taint, operator Exists")
    operator: Literal["Equal", "Exists"] = Field("Equal", description="Exists takes any value")
    value: _LabelValue | None = Field(None, description="the taint's value, where operator is Equal")
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = Field(
        None, description="the taint's effect, by default any"
    )
    seconds: int | None = Field(None, ge=0, description="how long NoExecute is tolerated, by default for ever")

    @model_validator(mode="after")
    def _makes_sense_to_kubernetes(self) -> TolerationSettings:
        if self.operator == "Exists" and self.value is not None:
            raise ValueError("operator Exists takes no value")
        if self.key is None and self.operator != "Exists":
            raise ValueError("without a key the operator should be Exists")
        if self.seconds is not None and self.effect != "NoExecute":
            raise ValueError("seconds are of effect NoExecute")
        return self


class SecretSettings(Settings):
    """One key of a Kubernetes secret as an environment variable."""

    secret: _Object = Field(description="the secret's name")
    key: _SecretKey = Field(description="which of its values")
    env: _Variable = Field(description="the variable that has it")


class VolumeSettings(Settings):
    """A persistent volume claim, mounted."""

    claim: _Object = Field(description="its name")
    path: Annotated[_Folder, AfterValidator(_no_slash_at_the_end)] = Field(description="where tasks see it")


class TaskSettings(Settings):
    """How a component runs; what is not said of a component holds as it is said for all."""

    cpu: float | None = Field(None, gt=0, description="limit, in cores")
    memory: float | None = Field(None, gt=0, description="limit, in GB")
    gpu: GpuSettings | None = Field(None, description="accelerators, by default none")
    node_selector: dict[_Label, _LabelValue] = Field({}, description="labels of the nodes that will do")
    tolerations: tuple[TolerationSettings, ...] = Field((), description="taints of nodes that will do all the same")
    secrets: tuple[SecretSettings, ...] = Field(
        (), description="as environment variables; no value is ever compiled in"
    )
    volumes: tuple[VolumeSettings, ...] = Field((), description="persistent volume claims to mount")
    retries: int = Field(0, ge=0, le=100, description="how often a failed task is tried again")
    cache: bool = Field(True, description="take over what an earlier run of the same inputs made")

    @field_validator("volumes")
    @classmethod
    def _have_places_of_their_own(cls, value: tuple[VolumeSettings, ...]) -> tuple[VolumeSettings, ...]:
        for path in _double(volume.path for volume in value):
            raise ValueError(f"mounts two volumes at {path}")
        return value

    @field_validator("secrets")
    @classmethod
    def _have_variables_of_their_own(cls, value: tuple[SecretSettings, ...]) -> tuple[SecretSettings, ...]:
        for env in _double(secret.env for secret in value):
            raise ValueError(f"sets {env} twice")
        return value


def _double(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


# A section for each component, so that a wrong name is answered with the nearest right one.
ComponentTasks = create_model(  # type: ignore[call-overload]
    "ComponentTasks",
    __base__=Settings,
    __doc__="What differs from `all`, by component.",
    **dict.fromkeys(COMPONENTS, (TaskSettings | None, None)),
)


class KubeflowSettings(Settings):
    """A run on Kubeflow Pipelines."""

    image: str = Field(pattern=r"^\S+$", description="the pipeline image, with its tag or digest")
    data: _Place = Field(description="the folder of TFRecords as the tasks see it: on a volume, or gs://")
    serving: _Place = Field(description="the push destination as the tasks see it")
    checkpoints: _Place = Field(description="where checkpoints survive a task that is killed")
    statistics: _Place | None = Field(
        None, description="where statistics of the data are kept from run to run; without it drift is not looked for"
    )
    pipeline_root: _PipelineRoot | None = Field(
        None, description="where artifacts go, by default where the installation has them"
    )
    data_version: str | None = Field(
        None,
        min_length=1,
        description="of the data, in your own words: tasks that read it are cached as long as it stays; "
        "without it the data is read anew in every run",
    )
    all: TaskSettings = TaskSettings()
    components: ComponentTasks = ComponentTasks()  # type: ignore[valid-type]

    def task(self, component: str) -> TaskSettings:
        """What holds for one component."""
        own = getattr(self.components, component, None)
        return (
            self.all.model_copy(update={name: getattr(own, name) for name in own.model_fields_set}) if own else self.all
        )
