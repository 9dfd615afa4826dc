"""Where the examples are and what is asked of them: a section of a run's configuration."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from models.settings import Fraction, Settings
from pipeline.placeholders import placeholders
from pipeline.plain_path import ExpandedPath, PlainPath


def _check_placeholders(pattern: str) -> str:
    placeholders(pattern)
    return pattern


_Pattern = Annotated[str, Field(pattern=r"^[^/]"), AfterValidator(_check_placeholders)]


class DataSettings(Settings):
    """Where the examples are."""

    path: PlainPath = Field(description="the folder of TFRecords")
    label_map: ExpandedPath | None = Field(None, description="by default label_map.yaml in that folder")
    schema_path: ExpandedPath | None = Field(  # pydantic has a `schema` of its own
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
