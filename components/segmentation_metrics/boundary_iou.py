"""Boundary IoU as a TFMA metric."""

import functools
from collections.abc import Iterable
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics.boundary_counts import boundary_counts
from components.segmentation_metrics.mask_pair_preprocessor import MaskPairPreprocessor
from schema import record

NAME = "mean_boundary_iou"

_Counts = npt.NDArray[np.int64]


class BoundaryIoU(tfma.metrics.Metric):
    """IoU of the regions along the contours, which large objects do not hide, as they do in `MeanIoU`.

    Configured by name, beside `MeanIoU` (it decodes and counts on its own, and costs several times as much):

        config_pb2.MetricConfig(class_name="BoundaryIoU", module="components.segmentation_metrics.boundary_iou",
                                config='{"num_classes": 21}')

    Per slice and model the results are `mean_boundary_iou` (or the given name), the mean over the classes that the
    truth has, and `boundary_iou` with `SubKey(class_id=k)`, nan where the truth does not have the class. Pixels are
    pooled over the images, each with a boundary as wide as `boundary_counts` says.
    """

    def __init__(self, num_classes: int, void: int = record.VOID, dilation_ratio: float = 0.02, name: str = NAME):
        """Initializes the metric.

        Args:
            num_classes: C; class ids are 0..C-1.
            void: The id in the truth that is left out.
            dilation_ratio: The width of a boundary, as a share of the image's diagonal.
            name: Of the mean, in the results.

        Raises:
            ValueError: `num_classes` is not 1..255, or the ratio is not positive.
        """
        if not 1 <= num_classes <= record.MAX_CLASSES:
            raise ValueError(f"num_classes must be 1..{record.MAX_CLASSES}, got {num_classes}")
        if not dilation_ratio > 0:
            raise ValueError(f"dilation_ratio must be positive, got {dilation_ratio}")
        super().__init__(
            tfma.metrics.merge_per_key_computations(_computations),
            num_classes=num_classes,
            void=void,
            dilation_ratio=dilation_ratio,
            name=name,
        )


def _computations(
    num_classes: int,
    void: int,
    dilation_ratio: float,
    name: str,
    eval_config: config_pb2.EvalConfig | None = None,
    model_name: str = "",
    output_name: str = "",
    aggregation_type: Any = None,
) -> tfma.metrics.MetricComputations:
    config = f"num_classes={num_classes},void={void},dilation_ratio={dilation_ratio}"
    key = functools.partial(
        tfma.metrics.MetricKey, model_name=model_name, output_name=output_name, aggregation_type=aggregation_type
    )
    counts_key = tfma.metrics.MetricKey(f"_boundary_counts:{config}", model_name=model_name, output_name=output_name)
    mean = key(name, example_weighted=False)  # see MeanIoU
    per_class = [key("boundary_iou", sub_key=tfma.metrics.SubKey(class_id=k)) for k in range(num_classes)]
    count = functools.partial(boundary_counts, num_classes=num_classes, void=void, dilation_ratio=dilation_ratio)

    def result(metrics: tfma.metrics.MetricsDict) -> tfma.metrics.MetricsDict:
        truth, predicted, both = metrics[counts_key]
        defined = truth > 0
        iou = np.divide(both, truth + predicted - both, out=np.full(num_classes, np.nan), where=defined)
        return {
            mean: float(iou[defined].mean()) if defined.any() else float("nan"),
            **dict(zip(per_class, iou.tolist(), strict=True)),
        }

    return [
        tfma.metrics.MetricComputation(
            keys=[counts_key],
            preprocessors=[
                MaskPairPreprocessor(f"boundary_counts:{config}", count, eval_config, model_name, output_name)
            ],
            combiner=_SumCounts(counts_key, num_classes),
        ),
        tfma.metrics.DerivedMetricComputation(keys=[mean, *per_class], result=result),
    ]


class _SumCounts(beam.CombineFn):
    """Adds up the `boundary_counts` of the images in a slice."""

    def __init__(self, key: tfma.metrics.MetricKey, num_classes: int):
        self._key = key
        self._num_classes = num_classes

    def create_accumulator(self) -> _Counts:
        return np.zeros((3, self._num_classes), np.int64)

    def add_input(self, accumulator: _Counts, element: _Counts) -> _Counts:
        accumulator += element
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[_Counts]) -> _Counts:
        return sum(accumulators, start=self.create_accumulator())

    def extract_output(self, accumulator: _Counts) -> dict[tfma.metrics.MetricKey, _Counts]:
        return {self._key: accumulator}
