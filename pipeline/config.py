"""The configuration of a run: one YAML file, typed, checked before anything heavy is imported."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any, get_args

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator

from models.settings import AugmentSettings, ModelSettings, Settings, TrainingSettings
from schema.user_error import UserError

IoU = Annotated[float, Field(ge=0, le=1)]


class DataSettings(Settings):
    """Where the examples are."""

    path: Path = Field(description="the folder of TFRecords")
    label_map: Path | None = Field(None, description="by default label_map.yaml in that folder")
    train: str = Field("train-*.tfrecord*", description="file pattern of the train split")
    eval: str = Field("val-*.tfrecord*", description="file pattern of the eval split")


class GateSettings(Settings):
    """What a model has to reach to be pushed."""

    min_mean_iou: IoU = Field(description="the least mean IoU")
    max_mean_iou_drop: IoU = Field(0.0, description="how much worse than the model that serves now it may be")


class EvaluationSettings(Settings):
    """What the Evaluator measures."""

    split: str = Field("eval", pattern="^(train|eval)$")
    gate: GateSettings


class ReportSettings(Settings):
    """What the report shows."""

    examples: int = Field(8, ge=0, le=100, description="pictures of predictions")


class BeamSettings(Settings):
    """Where the data steps run."""

    args: tuple[str, ...] = Field(
        (
            # Named, because Beam's default first tries to download another runner.
            "--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner",
            "--direct_running_mode=in_memory",
        ),
        description="Beam pipeline options",
    )


class Config(Settings):
    """A run."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    run_dir: Path = Field(description="everything of the run lies here")
    seed: int = Field(1, ge=0, lt=2**20)
    cache: bool = Field(True, description="take over what earlier runs of the same inputs made")
    data: DataSettings
    model: ModelSettings = ModelSettings()
    augment: AugmentSettings = AugmentSettings()
    training: TrainingSettings = TrainingSettings()
    evaluation: EvaluationSettings
    report: ReportSettings = ReportSettings()
    beam: BeamSettings = BeamSettings()

    @field_validator("run_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()


def load_config(path: str | Path, overrides: list[str] | tuple[str, ...] = ()) -> Config:
    """Reads a configuration and applies `key.path=value` overrides, whose values are YAML.

    Raises:
        UserError: the file cannot be read, or a key is unknown, missing or has a bad value. All faults are named at
            once, an unknown key with the nearest right one.
    """
    try:
        values = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UserError(f"no configuration {path}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"{path}: cannot read the configuration: {error}") from error
    if not isinstance(values, dict):
        raise UserError(f"{path}: a configuration is a mapping of keys to values")
    for override in overrides:
        _apply(values, override)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        faults = "\n".join(f"  {_describe(fault)}" for fault in error.errors())
        raise UserError(f"{path}: the configuration is not right:\n{faults}") from error


def _apply(values: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise UserError(f"--set {override}: expected key.path=value, e.g. training.steps=100")
    *parents, last = key.split(".")
    section = values
    for parent in parents:
        section = section.setdefault(parent, {})
        if not isinstance(section, dict):
            raise UserError(f"--set {override}: {parent} is a value, not a section")
    try:
        section[last] = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserError(f"--set {override}: the value is not YAML: {error}") from error


def _describe(fault: Any) -> str:
    location = [part for part in fault["loc"] if isinstance(part, str)]
    name = ".".join(str(part) for part in fault["loc"]) or "configuration"
    if fault["type"] == "extra_forbidden":
        known = list(_section(location[:-1]).model_fields)
        near = difflib.get_close_matches(location[-1], known, n=1)
        return f"{name}: unknown key; " + (f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}")
    if fault["type"] == "missing":
        return f"{name}: missing; {_section(location[:-1]).model_fields[location[-1]].description or 'it is required'}"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{name}: {message[0].lower()}{message[1:]}, got {fault['input']!r}"


def _section(path: list[str]) -> type[BaseModel]:
    section: type[BaseModel] = Config
    for part in path:
        annotation = section.model_fields[part].annotation
        section = next(
            t for t in (annotation, *get_args(annotation)) if isinstance(t, type) and issubclass(t, BaseModel)
        )
    return section
