"""The typed parameters of preprocessing, model and training: sections of a run's configuration.

They live here, not in `pipeline`, because `preprocessing_fn` and `run_fn` read them too, from what TFX hands them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

Fraction = Annotated[float, Field(ge=0, le=1)]
Range = tuple[float, float]
_Rate = Annotated[int, Field(ge=1, le=64)]


def _square(value: object) -> object:
    return (value, value) if isinstance(value, int) and not isinstance(value, bool) else value


def _fits_the_stride(value: tuple[int, int]) -> tuple[int, int]:
    if any(side < 32 or side % 16 for side in value):
        raise ValueError("should be multiples of 16, at least 32: the output stride of the backbone")
    return value


_Size = Annotated[tuple[int, int], BeforeValidator(_square), AfterValidator(_fits_the_stride)]


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
    max_class_share: float = Field(
        1.0, gt=0, le=1, description="look for a crop of which no class has more than this share of the valid pixels"
    )
    brightness: Fraction = Field(0.0, description="factor drawn from 1-brightness..1+brightness")
    contrast: Fraction = Field(0.0, description="factor drawn from 1-contrast..1+contrast")
    saturation: Fraction = Field(0.0, description="factor drawn from 1-saturation..1+saturation")
    hue: float = Field(0.0, ge=0, le=0.5, description="turn of the hue circle, drawn from -hue..hue")

    @field_validator("scale")
    @classmethod
    def _ordered(cls, value: Range) -> Range:
        if not 0 < value[0] <= value[1]:
            raise ValueError("should be [low, high] with 0 < low <= high")
        return value

    @field_validator("max_class_share")
    @classmethod
    def _there_is_a_crop_to_choose(cls, value: float, info: ValidationInfo) -> float:
        if value < 1 and not info.data.get("crop"):
            raise ValueError("should not be there without augment.crop: it chooses among places of the crop")
        return value


class ViewsSettings(Settings):
    """Test-time augmentation: the exported model averages what the network says of several views of each image."""

    flip: bool = Field(False, description="also mirrored left and right")
    scales: Annotated[tuple[Annotated[float, Field(ge=0.25, le=4)], ...], Field(min_length=1, max_length=8)] = Field(
        (1.0,), description="factors on model.input_size, rounded to a multiple of 32 pixels"
    )

    @property
    def more_than_one(self) -> bool:
        """Whether there is anything to average, or to scale."""
        return self.flip or self.scales != (1.0,)

    @field_validator("scales")
    @classmethod
    def _differ(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(set(value)) < len(value):
            raise ValueError("should all differ: a scale given twice would only count twice")
        return value


_IMAGENET_WIDTHS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)  # of keras.applications.MobileNetV2


class ModelSettings(Settings):
    """DeepLabV3+ (arXiv 1802.02611)."""

    backbone: Literal["resnet50", "resnet101", "mobilenet_v2"] = Field("resnet50", description="the encoder")
    weights: str = Field("imagenet", description="imagenet, none, or the path of an .h5 file of the backbone's weights")
    input_size: _Size = Field(
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


_ClassName = Annotated[str, BeforeValidator(str)]  # as the label map takes it: in YAML 1 and no are not texts
_Times = Annotated[int, Field(strict=True, ge=1, le=100)]


class TrainingSettings(Settings):
    """The recipe."""

    steps: int = Field(30_000, ge=1, description="batches to train on")
    batch_size: int = Field(16, ge=1, description="images a step, over all devices together")
    crop_size: _Size | None = Field(
        None, description="height and width of what a step sees of each augmented image; by default model.input_size"
    )
    optimizer: Literal["sgd", "adamw"] = Field("sgd", description="adamw is Adam where weight_decay is 0")
    learning_rate: float = Field(0.007, gt=0, description="its greatest; falls to 0 by the poly schedule")
    poly_power: float = Field(0.9, gt=0, description="exponent of that schedule")
    warmup_steps: int = Field(0, ge=0, description="steps over which the learning rate rises to what the schedule says")
    backbone_learning_rate: float = Field(1.0, ge=0, le=1, description="factor on the learning rate of the backbone")
    clip_norm: float | None = Field(None, gt=0, description="the greatest norm of all gradients together")
    momentum: float = Field(0.9, ge=0, lt=1, description="of sgd")
    weight_decay: float = Field(1e-4, ge=0, description="decoupled; not on biases and batch norm")
    class_balance: Fraction = Field(
        0.0, description="exponent on median-frequency class weights; 0 weighs all pixels alike"
    )
    hard_pixels: float = Field(
        1.0, gt=0, le=1, description="share of a batch's valid pixels that counts: those of the greatest cross-entropy"
    )
    dice: float = Field(0.0, ge=0, description="weight of a soft Dice loss beside the cross-entropy")
    oversample: dict[_ClassName, _Times] = Field(
        {},
        description="how often an epoch has the images with a class, by its name, such as {bicycle: 3}; the greatest "
        "number among an image's classes counts, and 1 for one that is not named",
    )
    batch_norm: Literal["train", "frozen"] = Field(
        "train", description="frozen leaves the backbone's batch norm as it was loaded, for steps of few images"
    )
    initialize_from: Literal["pushed"] | None = Field(
        None, description="pushed starts from the model pushed last, if there is one; by default from model.weights"
    )
    precision: Literal["float32", "mixed_bfloat16", "mixed_float16"] = Field(
        "float32",
        description="what the network computes in; weights, logits, loss and the exported model are float32 anyway. "
        "Mixed is for GPUs and TPUs, and no faster on a CPU",
    )
    jit_compile: bool = Field(
        False, description="compile the step with XLA: faster on many GPUs, but a CPU takes minutes for the first step"
    )
    distribution: Literal["one", "mirrored"] = Field(
        "one", description="mirrored shares each step out among all GPUs of the machine"
    )
    checkpoint_every: int = Field(500, ge=1, description="steps between checkpoints")
    held_out: float = Field(
        0.0,
        ge=0,
        lt=0.5,
        description="share of the train split's images that is never trained on, by a hash of their names; the best "
        "weights on it are exported, in place of the last",
    )
    validate_every: int | None = Field(
        None, ge=1, description="steps between measurements on those images, by default checkpoint_every"
    )
    early_stopping: int | None = Field(
        None, ge=1, description="the training ends after so many of them in a row without a better mean IoU"
    )
    shuffle_buffer: int = Field(2_000, ge=1, description="records")

    @field_validator("warmup_steps")
    @classmethod
    def _ends_before_the_training(cls, value: int, info: ValidationInfo) -> int:
        if value and value >= info.data.get("steps", value + 1):
            raise ValueError(f"should be less than training.steps, {info.data['steps']}")
        return value

    @field_validator("momentum")
    @classmethod
    def _belongs_to_sgd(cls, value: float, info: ValidationInfo) -> float:
        if info.data.get("optimizer") == "adamw" and value != cls.model_fields["momentum"].default:
            raise ValueError("is sgd's; adamw has its own")
        return value

    @field_validator("distribution")
    @classmethod
    def _is_not_compiled(cls, value: str, info: ValidationInfo) -> str:
        if value == "mirrored" and info.data.get("jit_compile"):
            raise ValueError("should be one beside training.jit_compile: XLA compiles for one device")
        return value

    @field_validator("validate_every", "early_stopping")
    @classmethod
    def _needs_held_out_images(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and not info.data.get("held_out"):
            raise ValueError("should not be there without training.held_out: it is about the images held out")
        return value
