"""What a cluster needs to be told, beside what a run on one machine needs."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, create_model, field_validator

from components.names import COMPONENTS
from models.settings import Settings


def _place(value: str) -> str:
    if not value.startswith(("/", "gs://")):
        raise ValueError(
            "should be an absolute path on a mounted volume or a gs:// URI: TensorFlow reads no other object store"
        )
    return value.rstrip("/")


def _pipeline_root(value: str) -> str:
    if not re.match(r"(minio|s3|gs)://[^/]+", value):
        raise ValueError("should be a minio://, s3:// or gs:// URI")
    return value.rstrip("/")


_Place = Annotated[str, AfterValidator(_place)]


class GpuSettings(Settings):
    """Accelerators of one task."""

    type: str = Field("nvidia.com/gpu", description="the resource that the cluster's device plugin offers")
    count: int = Field(1, ge=1)


class TolerationSettings(Settings):
    """Lets a task onto tainted nodes, as Kubernetes has it."""

    key: str | None = None
    operator: Literal["Equal", "Exists"] = "Equal"
    value: str | None = None
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    seconds: int | None = Field(None, ge=0, description="how long NoExecute is tolerated")


class SecretSettings(Settings):
    """One key of a Kubernetes secret as an environment variable."""

    secret: str
    key: str
    env: str


class VolumeSettings(Settings):
    """A persistent volume claim, mounted."""

    claim: str
    path: Annotated[str, Field(pattern="^/.")]


class TaskSettings(Settings):
    """How a component runs; what is not said of a component holds as it is said for all."""

    cpu: float | None = Field(None, gt=0, description="limit, in cores")
    memory: float | None = Field(None, gt=0, description="limit, in GB")
    gpu: GpuSettings | None = None
    node_selector: dict[str, str] = Field({}, description="labels of the nodes that will do")
    tolerations: tuple[TolerationSettings, ...] = ()
    secrets: tuple[SecretSettings, ...] = Field(
        (), description="as environment variables; no value is ever compiled in"
    )
    volumes: tuple[VolumeSettings, ...] = Field((), description="persistent volume claims to mount")
    retries: int = Field(0, ge=0, le=100, description="how often a failed task is tried again")
    cache: bool = Field(True, description="take over what an earlier run of the same inputs made")

    @field_validator("volumes")
    @classmethod
    def _have_places_of_their_own(cls, value: tuple[VolumeSettings, ...]) -> tuple[VolumeSettings, ...]:
        paths = [volume.path for volume in value]
        double = sorted({path for path in paths if paths.count(path) > 1})
        if double:
            raise ValueError(f"mounts two volumes at {double[0]}")
        return value


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
    pipeline_root: Annotated[str, AfterValidator(_pipeline_root)] | None = Field(
        None, description="where artifacts go, by default where the installation has them"
    )
    data_version: str | None = Field(
        None,
        description="of the data, in your own words: tasks that read it are cached as long as it stays; "
        "without it the data is read anew in every run",
    )
    all: TaskSettings = TaskSettings()
    components: ComponentTasks = ComponentTasks()  # type: ignore[valid-type]

    def task(self, component: str) -> TaskSettings:
        """What holds for one component."""
        own = getattr(self.components, component)
        return (
            self.all.model_copy(update={name: getattr(own, name) for name in own.model_fields_set}) if own else self.all
        )
