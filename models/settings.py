"""The typed parameters of preprocessing, model and training: sections of a run's configuration.

They live here, not in `pipeline`, because `preprocessing_fn` and `run_fn` read them too, from what TFX hands them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

Fraction = Annotated[float, Field(ge=0, le=1)]
Range = tuple[float, float]


class Settings(BaseModel):
    """Base of every section: immutable; unknown keys, NaN and infinity are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_section(cls, value: object) -> object:
        """In YAML a section whose every line is commented out is null."""
        return {} if value is None else value

    @field_validator("*", mode="before")
    @classmethod
    def _no_bool_as_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Pydantic takes true for 1: `flip: true` would flip every image."""
        if isinstance(value, bool) and cls.model_fields[str(info.field_name)].annotation is not bool:
            raise ValueError("should not be true or false")
        return value


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


_IMAGENET_WIDTHS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)  # of keras.applications.MobileNetV2


class ModelSettings(Settings):
    """DeepLabV3+ (arXiv 1802.02611)."""

    backbone: Literal["resnet50", "mobilenet_v2"] = Field("resnet50", description="the encoder")
    weights: str = Field("imagenet", description="imagenet, none, or the path of an .h5 file of the backbone's weights")
    input_size: tuple[int, int] = Field(
        (512, 512), description="height and width the image is letterboxed to, in pixels; one number makes a square"
    )
    width: float = Field(1.0, gt=0, le=2, description="width multiplier of mobilenet_v2 (its alpha)")
    atrous_rates: tuple[int, int, int] = Field((6, 12, 18), description="dilation of the three atrous convolutions")
    aspp_filters: int = Field(256, ge=1, description="channels of each branch of the pyramid")
    decoder_filters: int = Field(256, ge=1, description="channels of the decoder")
    low_level_filters: int = Field(48, ge=1, description="channels that the decoder takes from the early features")
    dropout: float = Field(0.1, ge=0, lt=1, description="share of the pyramid's output that training drops")
    batch_norm_momentum: float = Field(0.99, gt=0, lt=1, description="lower it for runs of a few hundred steps")

    @field_validator("input_size", mode="before")
    @classmethod
    def _square(cls, value: object) -> object:
        return (value, value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("input_size")
    @classmethod
    def _multiple_of_stride(cls, value: tuple[int, int]) -> tuple[int, int]:
        if any(side < 32 or side % 16 for side in value):
            raise ValueError("should be multiples of 16, at least 32: the output stride of the backbone")
        return value

    @field_validator("width")
    @classmethod
    def _belongs_to_mobilenet(cls, value: float, info: ValidationInfo) -> float:
        backbone = info.data.get("backbone", "mobilenet_v2")
        if backbone != "mobilenet_v2" and value != 1.0:
            raise ValueError(f"is mobilenet_v2's; {backbone} has none")
        if info.data.get("weights") == "imagenet" and value not in _IMAGENET_WIDTHS:
            known = ", ".join(map(str, _IMAGENET_WIDTHS))
            raise ValueError(f"should be one of {known}, for which there are ImageNet weights")
        return value

    @field_validator("atrous_rates")
    @classmethod
    def _positive(cls, value: tuple[int, int, int]) -> tuple[int, int, int]:
        if min(value) < 1:
            raise ValueError("should be at least 1 each")
        return value


_ClassName = Annotated[str, BeforeValidator(str)]  # as the label map takes it: in YAML 1 and no are not texts
_Times = Annotated[int, Field(strict=True, ge=1, le=100)]


class TrainingSettings(Settings):
    """The recipe."""

    steps: int = Field(30_000, ge=1, description="batches to train on")
    batch_size: int = Field(16, ge=1, description="images a step")
    optimizer: Literal["sgd", "adamw"] = Field("sgd", description="the optimizer")
    learning_rate: float = Field(0.007, gt=0, description="at the first step; falls to 0 by the poly schedule")
    poly_power: float = Field(0.9, gt=0, description="exponent of that schedule")
    momentum: float = Field(0.9, ge=0, lt=1, description="of sgd")
    weight_decay: float = Field(1e-4, ge=0, description="decoupled; not on biases and batch norm")
    class_balance: Fraction = Field(
        0.0, description="exponent on median-frequency class weights; 0 weighs all pixels alike"
    )
    oversample: dict[_ClassName, _Times] = Field(
        {},
        description="how often an epoch has the images with a class, by its name, such as {bicycle: 3}; the greatest "
        "number among an image's classes counts, and 1 for one that is not named",
    )
    checkpoint_every: int = Field(500, ge=1, description="steps between checkpoints")
    shuffle_buffer: int = Field(2_000, ge=1, description="records")
