"""Words for what ExampleValidator finds in a split."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tensorflow_metadata.proto.v0 import anomalies_pb2, schema_pb2, statistics_pb2

from components.anomaly_guard.image_counts import image_counts

_Type = anomalies_pb2.AnomalyInfo
_TOO_LARGE = (_Type.INT_TYPE_BIG_INT, _Type.FLOAT_TYPE_BIG_FLOAT)
_TOO_SMALL = (_Type.INT_TYPE_SMALL_INT, _Type.FLOAT_TYPE_SMALL_FLOAT)
_TOO_FEW = (
    _Type.FEATURE_TYPE_LOW_FRACTION_PRESENT,
    _Type.FEATURE_TYPE_LOW_NUMBER_PRESENT,
    _Type.FEATURE_TYPE_NOT_PRESENT,
    _Type.FEATURE_TYPE_NO_VALUES,
    _Type.SCHEMA_MISSING_COLUMN,
)


def describe_anomalies(
    split: str,
    anomalies: anomalies_pb2.Anomalies,
    schema: schema_pb2.Schema | None = None,
    statistics: statistics_pb2.DatasetFeatureStatisticsList | None = None,
    summary: Mapping[str, Any] | None = None,
) -> list[str]:
    """One line an anomaly: the feature, what was expected, what was seen, and in which images.

    Args:
        split: its name.
        anomalies: of the split.
        schema: that it was held against; without it and the statistics the words are TFDV's.
        statistics: of the split.
        summary: ExampleGen's, of the split, whose `features` name images.
    """
    schema = schema or schema_pb2.Schema()
    expected = {feature.name: feature for feature in schema.feature}
    domains = {domain.name: domain for domain in schema.string_domain}
    dataset = statistics.datasets[0] if statistics else statistics_pb2.DatasetFeatureStatistics()
    seen = {feature.path.step[0]: feature for feature in dataset.features}
    named = (summary or {}).get("features", {})
    lines = []
    for name, info in sorted(anomalies.anomaly_info.items()):
        feature = expected.get(name, schema_pb2.Feature())
        images = _Images(seen.get(name), dataset.num_examples, named.get(name, {}))
        domain = feature.string_domain if feature.HasField("string_domain") else domains.get(feature.domain)
        for reason in info.reason:
            words = _words(reason.type, feature, images, domain) or reason.description.strip().rstrip(".")
            lines.append(f"split {split}, {name}: {words}")
    if anomalies.HasField("dataset_anomaly_info"):
        lines.append(f"split {split}: {anomalies.dataset_anomaly_info.description.strip()}")
    return list(dict.fromkeys(lines))  # a value that is missing breaks presence and shape


class _Images:
    """What is known of a feature in the images of a split."""

    def __init__(
        self, feature: statistics_pb2.FeatureNameStatistics | None, total: int, summary: Mapping[str, Any]
    ) -> None:
        self.total = total
        self.having = 0
        self.counts: dict[str, int] = {}
        self.range: tuple[float, float] | None = None
        self._summary = summary
        if feature is None:
            return
        self.having = getattr(feature, str(feature.WhichOneof("stats"))).common_stats.num_non_missing
        self.counts = image_counts(feature)
        if feature.HasField("num_stats"):
            self.range = feature.num_stats.min, feature.num_stats.max
        elif self.counts and all(value.lstrip("-").isdecimal() for value in self.counts):
            numbers = [int(value) for value in self.counts]
            self.range = min(numbers), max(numbers)

    def extreme(self, name: str) -> str:
        """The `min` or the `max`, and the image that has it."""
        value = (self.range or (0, 0))[name == "max"]
        if name in self._summary:
            number, image = self._summary[name]
            return f"{value:g}{_in([image] if f'{number:g}' == f'{value:g}' else [])}"
        return f"{value:g}{_in(self._first(f'{value:g}'))}"

    def those_outside(self, allowed: Iterable[str]) -> Iterator[str]:
        """The values that are not allowed, with their images."""
        for value, count in self.counts.items():
            if value not in allowed:
                yield f"{value} in {count} of {self.total} images{_in(self._first(value), bare=True)}"

    def _first(self, value: str) -> list[str]:
        return self._summary.get(value, [0, []])[1]


def _words(kind: int, feature: schema_pb2.Feature, images: _Images, domain: schema_pb2.StringDomain | None) -> str:
    """Empty for what is left to TFDV's own words."""
    if kind in _TOO_LARGE + _TOO_SMALL and images.range:
        bounds = feature.float_domain if feature.HasField("float_domain") else feature.int_domain
        return f"expected {_bounds(bounds)}, saw {images.extreme('max' if kind in _TOO_LARGE else 'min')}"
    if kind == _Type.ENUM_TYPE_UNEXPECTED_STRING_VALUES and domain and images.counts:
        return f"expected {' or '.join(domain.value)}, saw {', '.join(images.those_outside(domain.value))}"
    if kind in (*_TOO_FEW, _Type.INVALID_FEATURE_SHAPE) and images.having < images.total:
        return f"expected in {_presence(feature.presence)}, is in {images.having} of {images.total}"
    if kind == _Type.SCHEMA_NEW_COLUMN and images.total:
        return f"is not in the schema, and in {images.having} of {images.total} images"
    return ""


def _bounds(domain: schema_pb2.IntDomain | schema_pb2.FloatDomain) -> str:
    if domain.HasField("min") and domain.HasField("max"):
        return f"{domain.min:g} to {domain.max:g}"
    return f"at least {domain.min:g}" if domain.HasField("min") else f"at most {domain.max:g}"


def _presence(presence: schema_pb2.FeaturePresence) -> str:
    if presence.min_fraction == 1:
        return "every image"
    if presence.min_fraction:
        return f"{100 * presence.min_fraction:.0f} % of the images"
    return f"{presence.min_count} image{'s' if presence.min_count > 1 else ''} or more"


def _in(images: list[str], *, bare: bool = False) -> str:
    names = ", ".join(images)
    return f" ({'' if bare else 'in '}{names})" if names else ""
