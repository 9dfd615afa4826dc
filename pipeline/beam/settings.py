"""Where Beam does its work."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, create_model, field_validator

from components.names import BEAM
from models.settings import Settings

Option = str | int | float | bool | tuple[str, ...]


class RunnerSettings(Settings):
    """A Beam runner and its pipeline options, named as Beam names them."""

    runner: Literal["direct", "portable", "flink", "spark", "dataflow"] = Field(
        "direct", description="direct is this machine; portable is any job service, by its job_endpoint"
    )
    options: dict[str, Option] = Field(
        {}, description="Beam pipeline options, e.g. {job_endpoint: 'localhost:8099', environment_type: EXTERNAL}"
    )

    @field_validator("options")
    @classmethod
    def _are_names(cls, value: dict[str, Option]) -> dict[str, Option]:
        for name in value:
            if not name.isidentifier():
                raise ValueError(f"{name!r} is no option's name: write it as Beam does, without -- and with _")
            if name == "runner":
                raise ValueError("runner is a key of its own")
        return value


# A section for each component, so that a wrong name is answered with the nearest right one.
ComponentRunners = create_model(  # type: ignore[call-overload]
    "ComponentRunners",
    __base__=Settings,
    __doc__="What runs elsewhere, by component: a runner and options in place of those above.",
    **dict.fromkeys(BEAM, (RunnerSettings | None, None)),
)


class BeamSettings(RunnerSettings):
    """Where the Beam steps do their work."""

    components: ComponentRunners = ComponentRunners()  # type: ignore[valid-type]
