"""The typed parameters of augmentation."""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator

from models.settings import Fraction, Settings

_Range = tuple[float, float]


class AugmentSettings(Settings):
    """Random augmentation of training samples; the default is none, and evaluation and serving never see any."""

    scale: _Range = Field((1.0, 1.0), description="factor on the letterbox scale, drawn uniformly")
    rotation: float = Field(0.0, ge=0, le=180, description="degrees, drawn from -rotation..rotation")
    shear: float = Field(0.0, ge=0, le=45, description="degrees, drawn from -shear..shear")
    flip: Fraction = Field(0.0, description="probability of a horizontal flip")
    crop: bool = Field(False, description="place the sample at random instead of in the centre")
    max_class_share: float = Field(
        1.0, gt=0, le=1, description="look for a crop of which no class has more than this share of the valid pixels"
    )
    brightness: Fraction = Field(0.0, description="factor drawn from 1-brightness..1+brightness")
    contrast: Fraction = Field(0.0, description="factor drawn from 1-contrast..1+contrast")
    saturation: Fraction = Field(0.0, description="factor drawn from 1-saturation..1+saturation")
    hue: float = Field(0.0, ge=0, le=0.5, description="turn of the hue circle, drawn from -hue..hue")

    @field_validator("scale")
    @classmethod
    def _ordered(cls, value: _Range) -> _Range:
        if not 0 < value[0] <= value[1]:
            raise ValueError("should be [low, high] with 0 < low <= high")
        return value

    @field_validator("max_class_share")
    @classmethod
    def _there_is_a_crop_to_choose(cls, value: float, info: ValidationInfo) -> float:
        if value < 1 and not info.data.get("crop"):
            raise ValueError("should not be there without augment.crop: it chooses among places of the crop")
        return value
