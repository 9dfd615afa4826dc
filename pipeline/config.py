"""The configuration of a run: one YAML file, typed, checked before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator, model_validator

from components.gate.settings import GateSettings
from kubeflow.settings import KubeflowSettings
from models.settings import AugmentSettings, Fraction, ModelSettings, Settings, TrainingSettings
from models.tuner.settings import TunerSettings
from pipeline.beam.settings import BeamSettings
from pipeline.describe_fault import describe_fault
from pipeline.placeholders import placeholders
from pipeline.read_yaml import read_yaml
from schema.record import SLICEABLE
from schema.user_error import UserError


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # ~nobody
        raise ValueError(str(error)) from error


def _refuse_patterns(path: Path) -> Path:
    if set("*?[]{}") & set(str(path)):
        raise ValueError("should hold none of * ? [ ] { }, which Beam and TensorFlow take for a file pattern")
    return path


_Path = Annotated[Path, AfterValidator(_expand)]
_PlainPath = Annotated[_Path, AfterValidator(_refuse_patterns)]


def _check_placeholders(pattern: str) -> str:
    placeholders(pattern)
    return pattern


_Pattern = Annotated[str, Field(pattern=r"^[^/]"), AfterValidator(_check_placeholders)]


class DataSettings(Settings):
    """Where the examples are."""

    path: _PlainPath = Field(description="the folder of TFRecords")
    label_map: _Path | None = Field(None, description="by default label_map.yaml in that folder")
    schema_path: _Path | None = Field(  # pydantic has a `schema` of its own
        None, alias="schema", description="what the data is held against, by default the schema.pbtxt of segpipe"
    )
    train: _Pattern | None = Field(
        None, description="file pattern of the train split, in that folder; by default train-*.tfrecord*"
    )
    eval: _Pattern | None = Field(
        None, description="file pattern of the eval split, in that folder; by default val-*.tfrecord*"
    )
    files: _Pattern | None = Field(
        None, description="file pattern of both splits, in place of those: images are split by a hash of their names"
    )
    eval_fraction: float | None = Field(
        None, ge=0.001, le=0.999, description="the eval split's share of the images of `data.files`, by default 0.1"
    )
    span: int | None = Field(
        None, ge=0, description="the span to take where the patterns have {SPAN} or a date, by default the newest"
    )
    max_bad_fraction: Fraction = Field(
        0.0, description="share of a split's records that may be bad: they are set aside, and the run goes on"
    )
    near_duplicates: Literal["warn", "fail", "ignore"] = Field(
        "warn", description="what is done about images of train and eval that look nearly the same"
    )
    near_duplicate_distance: int = Field(
        4, ge=0, le=7, description="bits of 64 that the perceptual hashes of such images may differ in"
    )

    @property
    def patterns(self) -> dict[str, str]:
        """File patterns by their keys: `files` alone, or `train` and `eval`."""
        if self.files:
            return {"files": self.files}
        return {"train": self.train or "train-*.tfrecord*", "eval": self.eval or "val-*.tfrecord*"}

    @field_validator("files")
    @classmethod
    def _files_are_alone(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and (info.data.get("train") or info.data.get("eval")):
            raise ValueError("should not be there beside data.train or data.eval: it is for both splits")
        return value

    @field_validator("eval_fraction")
    @classmethod
    def _fraction_is_of_files(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and not info.data.get("files"):
            raise ValueError("should not be there without data.files: it is their share")
        return value

    @field_validator("span")
    @classmethod
    def _span_is_asked_for(cls, value: int | None, info: ValidationInfo) -> int | None:
        patterns = [info.data.get(key) or "" for key in ("train", "eval", "files")]
        if value is not None and not any("{" in pattern for pattern in patterns):
            raise ValueError("should not be there without {SPAN} or {YYYY}, {MM} and {DD} in the file patterns")
        return value


class EvaluationSettings(Settings):
    """What the Evaluator measures."""

    split: Literal["train", "eval"] = Field("eval", description="the split that is measured")
    slices: tuple[str, ...] = Field(
        (), description=f"features by whose values it is measured as well: {', '.join(SLICEABLE)}"
    )
    background: str = Field(
        "background", description="the class that the foreground mean IoU leaves out, if there is one"
    )
    confidence_intervals: bool = Field(
        False, description="measure 95 % intervals by TFMA's jackknife; rough below 20 images"
    )
    gate: GateSettings

    @field_validator("slices")
    @classmethod
    def _are_features(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(set(value) - set(SLICEABLE))
        if unknown:
            raise ValueError(f"cannot slice by {', '.join(unknown)}; expected some of {', '.join(SLICEABLE)}")
        return value

    @model_validator(mode="after")
    def _rules_are_of_measured_slices(self) -> EvaluationSettings:
        for rule in self.gate.rules:
            if len(rule.where) > 1 or not set(rule.where) <= set(self.slices):
                raise ValueError(
                    f"a gate rule has where {rule.where}: expected one feature of evaluation.slices {list(self.slices)}"
                )
        return self


class ReportSettings(Settings):
    """What the report shows."""

    examples: int = Field(8, ge=0, le=100, description="pictures of predictions")


def _check_server(uri: str) -> str:
    if set("@?#") & set(uri):
        # Not a fault like the others: those repeat the value, and a password should not be seen.
        raise UserError(
            "tracking.mlflow.uri: holds one of @ ? #; give no more than http(s)://host:port/path, and credentials as "
            "the environment's MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
        )
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0 or uri.split() != [uri]:
        raise ValueError("should be the http:// or https:// address of an MLflow server")
    return uri


class MlflowSettings(Settings):
    """The MLflow server that a run is logged to; its client is the extra `mlflow`."""

    uri: Annotated[str, AfterValidator(_check_server)] | None = Field(
        None, description="its address, such as http://localhost:5000; by default nothing is logged"
    )
    experiment: str | None = Field(
        None, min_length=1, max_length=500, description="the experiment's name, by default the run's"
    )
    log_model: bool = Field(True, description="upload the model's files too")


class TrackingSettings(Settings):
    """Where else a run is written down."""

    mlflow: MlflowSettings = MlflowSettings()


class Config(Settings):
    """A run."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", description="letters, digits, - and _")
    run_dir: Annotated[_PlainPath, AfterValidator(Path.absolute)] = Field(description="everything of the run lies here")
    seed: int = Field(1, ge=0, lt=2**20, description="same seed, same initial weights, order and augmentations")
    cache: bool = Field(True, description="take over what earlier runs of the same inputs made")
    data: DataSettings
    model: ModelSettings = ModelSettings()
    augment: AugmentSettings = AugmentSettings()
    training: TrainingSettings = TrainingSettings()
    evaluation: EvaluationSettings
    report: ReportSettings = ReportSettings()
    tracking: TrackingSettings = TrackingSettings()
    beam: BeamSettings = BeamSettings()
    kubeflow: KubeflowSettings | None = None
    tuner: TunerSettings | None = None

    @field_validator("training")
    @classmethod
    def _stride_divides_the_crop(cls, value: TrainingSettings, info: ValidationInfo) -> TrainingSettings:
        stride = info.data["model"].output_stride if "model" in info.data else 1
        if value.crop_size and any(side % stride for side in value.crop_size):
            raise ValueError(f"crop_size should be multiples of model.output_stride, {stride}")
        return value

    @field_validator("training")
    @classmethod
    def _starts_from_something(cls, value: TrainingSettings, info: ValidationInfo) -> TrainingSettings:
        """Even with `initialize_from`, which the first run has nothing for."""
        if "model" not in info.data or info.data["model"].weights != "none":
            return value
        if value.batch_norm == "frozen":
            raise ValueError("batch_norm should be train where model.weights is none: there are no statistics to keep")
        if value.backbone_learning_rate == 0:
            raise ValueError("backbone_learning_rate should be above 0 where model.weights is none: it has to learn")
        return value

    @field_validator("training")
    @classmethod
    def _batch_norm_has_a_batch(cls, value: TrainingSettings, info: ValidationInfo) -> TrainingSettings:
        if value.batch_size == 1 and "model" in info.data and info.data["model"].image_pooling:
            raise ValueError(
                "batch_size should be 2 or more where model.image_pooling is on: batch norm makes 0 of a single value"
            )
        return value

    @field_validator("training")
    @classmethod
    def _crops_differ(cls, value: TrainingSettings, info: ValidationInfo) -> TrainingSettings:
        if not {"model", "augment"} <= info.data.keys() or info.data["augment"].max_class_share == 1:
            return value
        whole, scale = info.data["model"].input_size, info.data["augment"].scale[1]
        crop = value.crop_size or whole
        if all(scale * side <= shown for side, shown in zip(whole, crop, strict=True)):
            raise ValueError(
                "augment.max_class_share has no crops to choose from, since all of them show the whole image; set "
                f"crop_size below model.input_size {list(whole)}, or the greater augment.scale above 1"
            )
        return value

    @field_validator("tuner")
    @classmethod
    def _search_fits_the_run(cls, value: TunerSettings | None, info: ValidationInfo) -> TunerSettings | None:
        if value is None or "training" not in info.data:
            return value
        training = info.data["training"]
        if not training.held_out:
            raise ValueError(
                "needs training.held_out, such as 0.1: trials are judged by images that none is trained on and that "
                "the report is not about"
            )
        if value.steps > training.steps:
            raise ValueError(f"steps should be at most training.steps, {training.steps}")
        for knob, candidate in value.search.candidates():
            recipe = training.model_dump() | {knob: candidate}
            try:
                cls.model_validate(info.data | {"training": recipe})
            except ValidationError as error:
                faults = [fault for fault in error.errors() if fault["loc"][0] == "training"]
                for fault in faults:
                    raise ValueError(f"search.{knob}: with {candidate:g}, {describe_fault(cls, fault, {})}") from error
        return value


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> Config:
    """Reads a configuration and applies `key.path=value` overrides, whose values are YAML.

    Raises:
        UserError: the file cannot be read, or a key is unknown, missing or has a bad value. All faults are named at
            once, an unknown key with the nearest right one.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UserError(f"no configuration {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot read the configuration: {getattr(error, 'strerror', error)}") from error
    values = read_yaml(text, str(path))
    if not isinstance(values, dict):
        raise UserError(f"{path}: a configuration is a mapping of keys to values")
    overridden = {_apply(values, override): f"--set {override}" for override in overrides}
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        faults = "\n".join(f"  {describe_fault(Config, fault, overridden)}" for fault in error.errors())
        raise UserError(f"{path}: the configuration is not right:\n{faults}") from error


def _apply(values: dict[str, Any], override: str) -> str:
    """Sets one value; returns its key path. Raises UserError."""
    key, equals, text = override.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts):
        raise UserError(f"--set {override}: expected key.path=value, e.g. training.steps=100")
    section = values
    for index, part in enumerate(parts[:-1], 1):
        # A section without a line in it is null.
        section[part] = section.get(part) if section.get(part) is not None else {}
        section = section[part]
        if not isinstance(section, dict):
            raise UserError(f"--set {override}: {'.'.join(parts[:index])} is a value, not a section")
    section[parts[-1]] = read_yaml(text, f"--set {override}")
    return ".".join(parts)
