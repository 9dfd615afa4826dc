"""The TFMA computation of one confusion matrix per slice and model."""

import os
from collections.abc import Iterable, Iterator

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import tensorflow_model_analysis as tfma

from components.segmentation_metrics.confusion_matrix import confusion_matrix
from components.segmentation_metrics.mask_ids import mask_ids
from schema import record

Matrix = npt.NDArray[np.int64]


def confusion_matrix_computation(
    num_classes: int,
    void: int = record.VOID,
    eval_config: tfma.EvalConfig | None = None,
    model_name: str = "",
    output_name: str = "",
) -> tfma.metrics.MetricComputation:
    """Returns the computation whose one key holds the `[C, C + 1]` int64 matrix of a slice.

    The key is made of the arguments, and TFMA runs equal computations once: all metrics that derive from the same
    matrix share it. Its name starts with an underscore, which keeps it out of the results.
    """
    key = tfma.metrics.MetricKey(
        name=f"_segmentation_confusion_matrix:num_classes={num_classes},void={void}",
        model_name=model_name,
        output_name=output_name,
    )
    return tfma.metrics.MetricComputation(
        keys=[key],
        preprocessors=[_CountPixels(num_classes, void, eval_config, model_name, output_name)],
        combiner=_SumMatrices(key, num_classes),
    )


class _CountPixels(tfma.metrics.Preprocessor):
    """Turns one example into its confusion matrix.

    TFMA copies what a preprocessor yields to every slice, so here each pair of masks is decoded and counted once,
    not once per slice, as it would be in the combiner.
    """

    def __init__(
        self, num_classes: int, void: int, eval_config: tfma.EvalConfig | None, model_name: str, output_name: str
    ):
        super().__init__(name=f"count_pixels:{num_classes},{void},{model_name},{output_name}")
        self._num_classes = num_classes
        self._void = void
        self._inputs_from = {"eval_config": eval_config, "model_name": model_name, "output_name": output_name}

    def process(self, extracts: tfma.Extracts) -> Iterator[Matrix]:
        inputs = tfma.metrics.StandardMetricInputs(extracts)
        truth, prediction, _ = next(
            tfma.metrics.to_label_prediction_example_weight(inputs, **self._inputs_from, flatten=False, squeeze=False)
        )
        try:
            yield confusion_matrix(mask_ids(truth), mask_ids(prediction), self._num_classes, self._void)
        except ValueError as error:
            raise ValueError(f"image {_filename(extracts)}: {error}") from error


def _filename(extracts: tfma.Extracts) -> str:
    name = (extracts.get(tfma.FEATURES_KEY) or {}).get(record.FILENAME)
    return os.fsdecode(name.item()) if isinstance(name, np.ndarray) and name.size == 1 else "without a file name"


class _SumMatrices(beam.CombineFn):
    """Adds up the matrices of the examples in a slice."""

    def __init__(self, key: tfma.metrics.MetricKey, num_classes: int):
        self._key = key
        self._num_classes = num_classes

    def create_accumulator(self) -> Matrix:
        return np.zeros((self._num_classes, self._num_classes + 1), np.int64)

    def add_input(self, accumulator: Matrix, element: Matrix) -> Matrix:
        accumulator += element
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[Matrix]) -> Matrix:
        return sum(accumulators, start=self.create_accumulator())

    def extract_output(self, accumulator: Matrix) -> dict[tfma.metrics.MetricKey, Matrix]:
        return {self._key: accumulator}
