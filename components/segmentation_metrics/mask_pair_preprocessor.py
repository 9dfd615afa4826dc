"""Turns the two masks of a TFMA example into counts."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics.mask_ids import mask_ids
from schema import record

_Ids = npt.NDArray[np.integer]


class MaskPairPreprocessor(tfma.metrics.Preprocessor):
    """Yields what a function counts in the masks of one example.

    TFMA copies what a preprocessor yields to every slice and every bootstrap sample, so here each pair of masks is
    decoded and counted once, not once per slice, as it would be in the combiner.
    """

    def __init__(
        self,
        name: str,
        count: Callable[[_Ids, _Ids], Any],
        eval_config: config_pb2.EvalConfig | None,
        model_name: str,
        output_name: str,
    ):
        """Initializes the preprocessor.

        Args:
            name: Says what is counted, and how: TFMA takes preprocessors of one name for equal.
            count: Takes truth and prediction, `[H, W]` of any integer dtype; can be pickled. A ValueError it raises
                is raised again with the name of the image.
            eval_config: Says where labels and predictions are.
            model_name: Of the prediction.
            output_name: Of the prediction.
        """
        super().__init__(name=f"{name},{model_name},{output_name}")
        self._count = count
        self._inputs_from = {"eval_config": eval_config, "model_name": model_name, "output_name": output_name}

    def process(self, extracts: tfma.Extracts) -> Iterator[Any]:
        inputs = tfma.metrics.StandardMetricInputs(extracts)
        truth, prediction, _ = next(
            tfma.metrics.to_label_prediction_example_weight(inputs, **self._inputs_from, flatten=False, squeeze=False)
        )
        try:
            yield self._count(mask_ids(truth), mask_ids(prediction))
        except ValueError as error:
            raise ValueError(f"image {_filename(extracts)}: {error}") from error


def _filename(extracts: tfma.Extracts) -> str:
    name = (extracts.get(tfma.FEATURES_KEY) or {}).get(record.FILENAME)
    return os.fsdecode(name.item()) if isinstance(name, np.ndarray) and name.size == 1 else "without a file name"
