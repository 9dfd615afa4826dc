"""The TFMA computation of one confusion matrix per slice and model."""

import functools
from collections.abc import Iterable
from typing import NamedTuple

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics.confusion_matrix import confusion_matrix
from components.segmentation_metrics.mask_pair_preprocessor import MaskPairPreprocessor
from schema import record, scores

Matrix = npt.NDArray[np.int64]


def confusion_matrix_computation(
    num_classes: int,
    void: int = record.VOID,
    eval_config: config_pb2.EvalConfig | None = None,
    model_name: str = "",
    output_name: str = "",
) -> tfma.metrics.MetricComputation:
    """Returns the computation of two keys: the matrix of a slice, and the mean IoU of each of its images.

    The matrix is `[C, C + 1]` int64. The mean IoUs are a tuple of floats in no order, 8 bytes an image: a tuple,
    because TFMA's confidence intervals do arithmetic on all arrays, and here the samples differ in length.

    The keys are made of the arguments, and TFMA runs equal computations once: all metrics that derive from the same
    matrix share it. Their names start with an underscore, which keeps them out of the results.
    """
    config = f"num_classes={num_classes},void={void}"
    matrix_key, image_iou_key = (
        tfma.metrics.MetricKey(name=f"{name}:{config}", model_name=model_name, output_name=output_name)
        for name in ("_segmentation_confusion_matrix", "_segmentation_image_iou")
    )
    count = functools.partial(confusion_matrix, num_classes=num_classes, void=void)
    return tfma.metrics.MetricComputation(
        keys=[matrix_key, image_iou_key],
        preprocessors=[MaskPairPreprocessor(f"confusion_matrix:{config}", count, eval_config, model_name, output_name)],
        combiner=_PoolImages(matrix_key, image_iou_key, num_classes),
    )


class _Pool(NamedTuple):
    matrix: Matrix
    image_ious: list[float]


class _PoolImages(beam.CombineFn):
    """Adds up the matrices of the images in a slice, and keeps the mean IoU of each."""

    def __init__(self, matrix_key: tfma.metrics.MetricKey, image_iou_key: tfma.metrics.MetricKey, num_classes: int):
        self._matrix_key = matrix_key
        self._image_iou_key = image_iou_key
        self._num_classes = num_classes

    def create_accumulator(self) -> _Pool:
        return _Pool(np.zeros((self._num_classes, self._num_classes + 1), np.int64), [])

    def add_input(self, accumulator: _Pool, element: Matrix) -> _Pool:
        np.add(accumulator.matrix, element, out=accumulator.matrix)
        accumulator.image_ious.append(scores.mean_iou(element))
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[_Pool]) -> _Pool:
        # Into a new one: the jackknife merges each shard into many samples.
        merged = self.create_accumulator()
        for matrix, image_ious in accumulators:
            np.add(merged.matrix, matrix, out=merged.matrix)
            merged.image_ious.extend(image_ious)
        return merged

    def extract_output(self, accumulator: _Pool) -> dict[tfma.metrics.MetricKey, Matrix | tuple[float, ...]]:
        return {self._matrix_key: accumulator.matrix, self._image_iou_key: tuple(accumulator.image_ious)}
