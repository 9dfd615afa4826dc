"""Where Beam does its work."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, create_model, field_validator, model_validator

from components.names import BEAM
from models.settings import Settings
from pipeline.beam.check_options import check_options

Option = str | int | float | bool | tuple[str, ...]


class RunnerSettings(Settings):
    """A Beam runner and its pipeline options, named as Beam names them."""

    runner: Literal["direct", "portable", "flink", "spark", "dataflow"] = Field(
        "direct", description="direct is this machine; portable is any job service, by its job_endpoint"
    )
    options: dict[str, Option] = Field(
        {}, description="Beam pipeline options, e.g. {job_endpoint: 'localhost:8099', environment_type: EXTERNAL}"
    )

    @field_validator("options", mode="before")
    @classmethod
    def _are_options(cls, values: Any) -> Any:
        """Of a value that is none of the kinds, pydantic would tell once for each kind."""
        for name, value in values.items() if isinstance(values, dict) else ():
            if not isinstance(name, str) or not name.isidentifier():
                raise ValueError(f"{name!r} is no option's name: write it as Beam does, without -- and with _")
            if name == "runner":
                raise ValueError("runner is a key of its own, beside options")
            texts = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
            if not (texts or isinstance(value, str | int | float)):
                raise ValueError(f"{name} should be text, a number, true, false or a list of texts (JSON as text)")
        return values

    @model_validator(mode="after")
    def _suit_the_runner(self) -> RunnerSettings:
        check_options(self.runner, self.options)
        return self


# A section for each component, so that a wrong name is answered with the nearest right one.
ComponentRunners = create_model(  # type: ignore[call-overload]
    "ComponentRunners",
    __base__=Settings,
    __doc__="What runs elsewhere, by component: a runner and options in place of those above.",
    **dict.fromkeys(BEAM, (RunnerSettings | None, None)),
)


class BeamSettings(RunnerSettings):
    """Where the Beam steps do their work."""

    timeout: int = Field(
        120,
        ge=1,
        description="seconds within which workers elsewhere have to finish the small job that a run begins with",
    )
    components: ComponentRunners = ComponentRunners()  # type: ignore[valid-type]

    def of(self, component: str) -> RunnerSettings:
        """What holds for one component."""
        return getattr(self.components, component) or self
