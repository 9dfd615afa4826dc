"""The configuration of a run: one YAML file, typed, checked before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator

from components.servability.settings import ServabilitySettings
from kubeflow.settings import KubeflowSettings
from models.data.augment_settings import AugmentSettings
from models.network.model_settings import ModelSettings
from models.recipe.training_settings import TrainingSettings
from models.settings import Settings
from models.tuner.settings import TunerSettings
from pipeline.beam.settings import BeamSettings
from pipeline.bulk_inference_settings import BulkInferenceSettings
from pipeline.data_settings import DataSettings
from pipeline.describe_fault import describe_fault
from pipeline.evaluation_settings import EvaluationSettings
from pipeline.plain_path import PlainPath
from pipeline.read_yaml import read_yaml
from pipeline.tracking_settings import TrackingSettings
from schema.user_error import UserError


class ReportSettings(Settings):
    """What the report shows."""

    examples: int = Field(8, ge=0, le=100, description="pictures of predictions")


class Config(Settings):
    """A run."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", description="letters, digits, - and _")
    run_dir: Annotated[PlainPath, AfterValidator(Path.absolute)] = Field(description="everything of the run lies here")
    seed: int = Field(1, ge=0, lt=2**20, description="same seed, same initial weights, order and augmentations")
    cache: bool = Field(True, description="take over what earlier runs of the same inputs made")
    data: DataSettings
    model: ModelSettings = ModelSettings()
    augment: AugmentSettings = AugmentSettings()
    training: TrainingSettings = TrainingSettings()
    evaluation: EvaluationSettings
    servability: ServabilitySettings = ServabilitySettings()
    bulk_inference: BulkInferenceSettings = BulkInferenceSettings()
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
    def _crops_train_every_weight(cls, value: TrainingSettings, info: ValidationInfo) -> TrainingSettings:
        """Padding in every crop, image in evaluation: a weight that looks that far would count as it was drawn."""
        if value.crop_size is None or "model" not in info.data:
            return value
        model = info.data["model"]
        for rate in model.atrous_rates:
            reach = 16 * rate
            if any(crop <= reach < whole for crop, whole in zip(value.crop_size, model.input_size, strict=True)):
                raise ValueError(
                    f"crop_size {list(value.crop_size)} has no two pixels {reach} apart on both axes, which is what "
                    f"rate {rate} of model.atrous_rates compares; lower rates, or larger crops, would train all of the "
                    f"weights that model.input_size {list(model.input_size)} uses"
                )
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
