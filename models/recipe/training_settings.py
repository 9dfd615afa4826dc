"""The typed parameters of training."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from models.settings import Fraction, InputSize, Settings

_ClassName = Annotated[str, BeforeValidator(str)]  # as the label map takes it: in YAML 1 and no are not texts
_Times = Annotated[int, Field(strict=True, ge=1, le=100)]


class TrainingSettings(Settings):
    """The recipe."""

    steps: int = Field(30_000, ge=1, description="batches to train on")
    batch_size: int = Field(16, ge=1, description="images a step, over all devices together")
    crop_size: InputSize | None = Field(
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
