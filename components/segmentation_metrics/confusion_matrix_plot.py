"""A confusion matrix as the plot that TFMA stores and shows."""

import numpy as np
import numpy.typing as npt
import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.proto.metrics_for_slice_pb2 import MultiClassConfusionMatrixAtThresholds

# Of the plot in the results.
NAME = "segmentation_confusion_matrix"

_NOTHING = tfma.metrics.NO_PREDICTED_CLASS_ID  # -1, which as an index is the last column


def to_plot(matrix: npt.NDArray[np.int64]) -> MultiClassConfusionMatrixAtThresholds:
    """Returns the counts that are not 0 of a matrix `[C, C + 1]`; the last column is what TFMA calls no prediction.

    A mask has no threshold. TFMA's viewer wants one, and 0 is its own default. The counts are doubles: they are
    exact up to 2**53 pixels.
    """
    plot = MultiClassConfusionMatrixAtThresholds()
    entries = plot.matrices.add(threshold=0.0).entries
    for truth, predicted in np.argwhere(matrix).tolist():
        entries.add(
            actual_class_id=truth,
            predicted_class_id=predicted if predicted < len(matrix) else _NOTHING,
            num_weighted_examples=matrix[truth, predicted],
        )
    return plot


def from_plot(plot: MultiClassConfusionMatrixAtThresholds, num_classes: int) -> npt.NDArray[np.int64]:
    """Returns the matrix `[C, C + 1]` int64 that `to_plot` stored.

        for slice_plots in tfma.load_plots(directory):
            for entry in slice_plots.plot_keys_and_values:
                if entry.key.name == NAME:
                    matrix = from_plot(entry.value.multi_class_confusion_matrix_at_thresholds, num_classes)

    Raises:
        IndexError: A class id in the plot is not 0..C-1.
    """
    matrix = np.zeros((num_classes, num_classes + 1), np.int64)
    for in_plot in plot.matrices:
        for entry in in_plot.entries:
            matrix[entry.actual_class_id, entry.predicted_class_id] = entry.num_weighted_examples
    return matrix
