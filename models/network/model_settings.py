"""The typed parameters of the network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from models.network.views_settings import ViewsSettings
from models.settings import InputSize, Settings

_Rate = Annotated[int, Field(ge=1, le=64)]
_IMAGENET_WIDTHS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)  # of keras.applications.MobileNetV2


class ModelSettings(Settings):
    """DeepLabV3+ (arXiv 1802.02611)."""

    backbone: Literal["resnet50", "resnet101", "mobilenet_v2"] = Field("resnet50", description="the encoder")
    weights: str = Field("imagenet", description="imagenet, none, or the path of an .h5 file of the backbone's weights")
    input_size: InputSize = Field(
        (512, 512), description="height and width the image is letterboxed to, in pixels; one number makes a square"
    )
    width: float = Field(1.0, gt=0, le=2, description="width multiplier of mobilenet_v2 (its alpha)")
    output_stride: Literal[8, 16, 32] = Field(
        16, description="input pixels a step of the encoder's output, in training"
    )
    evaluation_output_stride: Literal[8, 16, 32] | None = Field(
        None, description="that of the exported model, which is evaluated and served; by default as in training"
    )
    views: ViewsSettings = ViewsSettings()
    multi_grid: tuple[_Rate, _Rate, _Rate] = Field(
        (1, 1, 1), description="factors on the dilation of the encoder's last three units"
    )
    aspp: Literal["separable", "plain"] = Field("separable", description="the kind of its atrous convolutions")
    atrous_rates: Annotated[tuple[_Rate, ...], Field(min_length=1, max_length=8)] = Field(
        (6, 12, 18), description="their dilation at output stride 16; twice as much at 8, half at 32"
    )
    image_pooling: bool = Field(True, description="give the pyramid a branch of the whole image's mean")
    aspp_filters: int = Field(256, ge=1, description="channels of each branch of the pyramid")
    decoder_filters: int = Field(256, ge=1, description="channels of the decoder")
    low_level_filters: int = Field(48, ge=1, description="channels that the decoder takes from the early features")
    activation: Literal["relu", "swish"] = Field("relu", description="behind the encoder; backbones have their own")
    dropout: float = Field(0.1, ge=0, lt=1, description="share of the pyramid's output that training drops")
    batch_norm_momentum: float = Field(0.99, gt=0, lt=1, description="lower it for runs of a few hundred steps")

    @field_validator("output_stride", "evaluation_output_stride")
    @classmethod
    def _divides_the_input(cls, value: int | None, info: ValidationInfo) -> int | None:
        size = info.data.get("input_size", ())
        if value and any(side % value for side in size):
            raise ValueError(f"{value} should divide model.input_size {list(size)}")
        return value

    @field_validator("atrous_rates")
    @classmethod
    def _differ(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(value)) < len(value):
            raise ValueError("should all differ: a second branch of the same rate would see nothing new")
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
