"""The typed parameters of preprocessing, model and training: sections of a run's configuration.

They live here, not in `pipeline`, because `preprocessing_fn` and `run_fn` read them too, from what TFX hands them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Fraction = Annotated[float, Field(ge=0, le=1)]
Range = tuple[float, float]


class Settings(BaseModel):
    """Base of every section: immutable, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AugmentSettings(Settings):
    """Random augmentation of training samples; the default is none, and evaluation and serving never see any."""

    scale: Range = Field((1.0, 1.0), description="factor on the letterbox scale, drawn uniformly")
    rotation: float = Field(0.0, ge=0, le=180, description="degrees, drawn from -rotation..rotation")
    shear: float = Field(0.0, ge=0, le=45, description="degrees, drawn from -shear..shear")
    flip: Fraction = Field(0.0, description="probability of a horizontal flip")
    crop: bool = Field(False, description="place the sample at random instead of in the centre")
    brightness: Fraction = Field(0.0, description="factor drawn from 1-brightness..1+brightness")
    contrast: Fraction = Field(0.0, description="factor drawn from 1-contrast..1+contrast")
    saturation: Fraction = Field(0.0, description="factor drawn from 1-saturation..1+saturation")

    @field_validator("scale")
    @classmethod
    def _ordered(cls, value: Range) -> Range:
        if not 0 < value[0] <= value[1]:
            raise ValueError("should be [low, high] with 0 < low <= high")
        return value


class ModelSettings(Settings):
    """DeepLabV3+ (arXiv 1802.02611)."""

    backbone: Literal["resnet50", "mobilenet_v2"] = "resnet50"
    weights: str = Field(
        "imagenet", description="imagenet, none, or a path to a .weights.h5 or .h5 file of the backbone"
    )
    input_size: tuple[int, int] = Field(
        (512, 512), description="height and width the image is letterboxed to, in pixels"
    )
    width: float = Field(1.0, gt=0, le=2, description="width multiplier of mobilenet_v2 (its alpha)")
    atrous_rates: tuple[int, int, int] = (6, 12, 18)
    aspp_filters: int = Field(256, ge=1)
    decoder_filters: int = Field(256, ge=1)
    low_level_filters: int = Field(48, ge=1)
    dropout: float = Field(0.1, ge=0, lt=1)
    batch_norm_momentum: float = Field(0.99, gt=0, lt=1, description="lower it for runs of a few hundred steps")

    @field_validator("input_size", mode="before")
    @classmethod
    def _square(cls, value: object) -> object:
        return (value, value) if isinstance(value, int) else value

    @field_validator("input_size")
    @classmethod
    def _multiple_of_stride(cls, value: tuple[int, int]) -> tuple[int, int]:
        if any(side < 32 or side % 16 for side in value):
            raise ValueError("should be multiples of 16, at least 32: the output stride of the backbone")
        return value

    @model_validator(mode="after")
    def _width_belongs_to_mobilenet(self) -> ModelSettings:
        if self.backbone != "mobilenet_v2" and self.width != 1.0:
            raise ValueError(f"model.width is mobilenet_v2's; {self.backbone} has none")
        return self


class TrainingSettings(Settings):
    """The recipe."""

    steps: int = Field(30_000, ge=1)
    batch_size: int = Field(16, ge=1)
    optimizer: Literal["sgd", "adamw"] = "sgd"
    learning_rate: float = Field(0.007, gt=0, description="at the first step; falls to 0 by the poly schedule")
    poly_power: float = Field(0.9, gt=0)
    momentum: float = Field(0.9, ge=0, lt=1, description="of sgd")
    weight_decay: float = Field(1e-4, ge=0, description="decoupled; not on biases and batch norm")
    class_balance: Fraction = Field(
        0.0, description="exponent on median-frequency class weights; 0 weighs all pixels alike"
    )
    checkpoint_every: int = Field(500, ge=1, description="steps between checkpoints")
    shuffle_buffer: int = Field(2_000, ge=1, description="records")
