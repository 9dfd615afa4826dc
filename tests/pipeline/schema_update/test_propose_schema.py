"""What is proposed lets the data through the guard, and changes no more than that."""

from __future__ import annotations

import difflib

import pytest
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from pipeline.schema_update.propose_schema import propose_schema
from schema.user_error import UserError
from tests.components.anomaly_guard.guarded import Guarded
from tests.components.anomaly_guard.statistics import SCHEMA_TEXT, image, statistics_of

GOOD = [image(f"{index}.jpg") for index in range(10)]


def proposed(
    train: list[dict], evaluation: list[dict], earlier: list[dict] | None = None, text: str = SCHEMA_TEXT
) -> str:
    splits = {"train": statistics_of(train), "eval": statistics_of(evaluation)}
    return propose_schema(text, splits, statistics_of(earlier) if earlier else None)


def changes(text: str) -> list[str]:
    """The lines that are not in our own schema, and what they replace."""
    diff = difflib.unified_diff(SCHEMA_TEXT.splitlines(), text.splitlines(), n=0, lineterm="")
    return [line for line in diff if not line.startswith(("---", "+++", "@@"))]


def schema(text: str) -> schema_pb2.Schema:
    return text_format.Parse(text, schema_pb2.Schema())


def test_data_that_passes_asks_for_nothing():
    assert proposed(GOOD, GOOD, [image(classes=(0,))] * 5) == SCHEMA_TEXT


def test_each_kind_of_anomaly(tmp_path):
    train = [*GOOD, image(image_channels=5), image(image_format=b"gif")]
    evaluation = [*GOOD, image(void_fraction=1.5), image(weather=[7])]
    text = proposed(train, evaluation)
    assert changes(text) == [
        "-  int_domain { min: 1 max: 4 }",
        "+  int_domain { min: 1 max: 5 }",
        "-  float_domain { min: 0.0 max: 1.0 }",
        "+  float_domain { min: 0.0 max: 1.5 }",
        '+  value: "gif"',
        "+feature {",
        '+  name: "weather"',
        "+  value_count { min: 1 max: 1 }",
        "+  type: INT",
        "+}",
    ]
    Guarded(tmp_path).look(train, evaluation, schema(text))


def test_splits_that_differ(tmp_path):
    """Of 400 images: 90 points apart, and all heights; 0.106 and 0.017 is what chance has."""
    train = [image(classes=(0, 1) if index < 360 else (0,)) for index in range(400)]
    evaluation = [image(classes=(0,), image_height=720)] * 400
    text = proposed(train, evaluation)
    assert changes(text) == [
        "-  skew_comparator { jensen_shannon_divergence { threshold: 0.5 } }",
        "+  skew_comparator { jensen_shannon_divergence { threshold: 0.99 } }",
        "-  skew_comparator { infinity_norm { threshold: 0.5 } }",
        "+  skew_comparator { infinity_norm { threshold: 0.8 } }",
    ]
    Guarded(tmp_path).look(train, evaluation, schema(text))


def test_data_that_has_drifted(tmp_path):
    cars = [image(classes=(0, 1))] * 400
    none = [image(classes=(0,))] * 400
    text = proposed(none, none, earlier=cars)
    assert changes(text) == [
        "-  drift_comparator { infinity_norm { threshold: 0.5 } }",
        "+  drift_comparator { infinity_norm { threshold: 0.9 } }",
    ]
    guarded = Guarded(tmp_path)
    guarded.look(cars, cars, schema(text))
    guarded.look(none, none, schema(text))


def test_what_the_pipeline_needs_cannot_be_given_up():
    with pytest.raises(UserError) as caught:
        proposed([image(image_source=None)] * 3, GOOD)
    assert str(caught.value) == (
        "the data cannot be accepted: a schema for it lacks feature image/source, and the pipeline needs it; "
        "mend the data"
    )
