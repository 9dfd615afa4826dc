"""What a model has to reach to be pushed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from models.settings import Fraction, Settings

EACH = "each"


class Rule(Settings):
    """One bound, on one metric, overall or of a class or a slice."""

    metric: Literal[
        "mean_iou",
        "foreground_mean_iou",
        "pixel_accuracy",
        "mean_accuracy",
        "fw_iou",
        "iou",
        "precision",
        "recall",
        "dice",
    ] = Field(description="what is bounded")
    class_name: str | None = Field(None, description="for iou, precision, recall and dice: a class, or each")
    where: dict[str, str] = Field({}, description="a slice, such as {image/source: voc}; by default the whole split")
    min: Fraction | None = Field(None, description="the least value")
    max_drop: Fraction | None = Field(None, description="how much lower than the baseline's it may be")

    @model_validator(mode="after")
    def _is_a_rule(self) -> Rule:
        if self.min is None and self.max_drop is None:
            raise ValueError("a rule needs min or max_drop")
        per_class = self.metric in ("iou", "precision", "recall", "dice")
        if per_class and self.class_name is None:
            raise ValueError(f"{self.metric} is of a class: give class_name, a class or {EACH}")
        if not per_class and self.class_name is not None:
            raise ValueError(f"{self.metric} is of all classes: it has no class_name")
        return self


class GateSettings(Settings):
    """What a model has to reach to be pushed."""

    min_mean_iou: Fraction = Field(description="the least mean IoU")
    max_mean_iou_drop: Fraction = Field(0.0, description="how much worse than the model that serves now it may be")
    max_class_iou_drop: Fraction | None = Field(None, description="the same for the IoU of each single class")
    incompatible_baseline: Literal["ignore", "require"] = Field(
        "ignore", description="require blocks a model that cannot be compared with the one that serves now"
    )
    rules: tuple[Rule, ...] = Field((), description="further rules: metric, class_name, where, min, max_drop")

    def all_rules(self) -> tuple[Rule, ...]:
        """The rules above in one form."""
        rules = [Rule(metric="mean_iou", min=self.min_mean_iou, max_drop=self.max_mean_iou_drop)]
        if self.max_class_iou_drop is not None:
            rules.append(Rule(metric="iou", class_name=EACH, max_drop=self.max_class_iou_drop))
        return (*rules, *self.rules)
