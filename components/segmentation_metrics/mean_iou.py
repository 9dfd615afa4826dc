"""Mean intersection over union as a TFMA metric."""

from collections.abc import Sequence
from typing import Any

import tensorflow_model_analysis as tfma

from components.segmentation_metrics import scores
from components.segmentation_metrics.confusion_matrix_computation import confusion_matrix_computation
from schema import record

NAME = "mean_iou"


class MeanIoU(tfma.metrics.Metric):
    """Mean IoU of masks at their own size, with the scores that explain it.

    Configured by name; without `module`, TFMA takes the Keras metric of the same name:

        tfma.MetricConfig(class_name="MeanIoU", module="components.segmentation_metrics.mean_iou",
                          config='{"num_classes": 21}')

    Labels and predictions are anything `mask_ids` reads. Per slice and model the results are:

    - `mean_iou` (or the given name): the mean over the classes that the truth has,
    - `mean_iou_classes` (or the given name and `_classes`): how many classes those are,
    - `iou` with `SubKey(class_id=k)`: of each class, nan where the truth does not have it,
    - `pixel_accuracy`: the share of labelled pixels predicted right.

    Where a slice has no labelled pixel the scores are nan, and nan passes no bound. Pixels are counted, so example
    weights mean nothing here: TFMA raises where a spec asks for weighted metrics.

    A threshold on the MetricConfig applies to the mean. The others are gated by name in a spec of their own, e.g.
    that no model may be bad at class 15, overall:

        tfma.MetricsSpec(
            binarize=tfma.BinarizationOptions(class_ids={"values": [15]}),
            per_slice_thresholds={"iou": tfma.PerSliceMetricThresholds(thresholds=[
                tfma.PerSliceMetricThreshold(slicing_specs=[tfma.SlicingSpec()], threshold=...)])})
    """

    def __init__(
        self,
        num_classes: int,
        class_names: Sequence[str] | None = None,
        void: int = record.VOID,
        name: str = NAME,
    ):
        """Initializes the metric.

        Args:
            num_classes: C; class ids are 0..C-1.
            class_names: C names. They change no number: they travel in the eval config for those who read results.
            void: The id in the truth that is left out.
            name: Of the mean, in the results.

        Raises:
            ValueError: `num_classes` is not 1..255, or the names are not C.
        """
        if not 1 <= num_classes <= record.MAX_CLASSES:
            raise ValueError(f"num_classes must be 1..{record.MAX_CLASSES}, got {num_classes}")
        if class_names is not None and len(class_names) != num_classes:
            raise ValueError(f"num_classes is {num_classes}, but there are {len(class_names)} class_names")
        super().__init__(
            tfma.metrics.merge_per_key_computations(_computations),
            num_classes=num_classes,
            class_names=class_names,
            void=void,
            name=name,
        )


# TFMA passes arguments by name, and only those a function lists: no `example_weighted` here makes it refuse weights.
def _computations(
    num_classes: int,
    class_names: Sequence[str] | None,
    void: int,
    name: str,
    eval_config: tfma.EvalConfig | None = None,
    model_name: str = "",
    output_name: str = "",
    aggregation_type: Any = None,
) -> tfma.metrics.MetricComputations:
    counting = confusion_matrix_computation(num_classes, void, eval_config, model_name, output_name)
    (matrix_key,) = counting.keys

    def key(name: str, class_id: int | None = None, example_weighted: bool | None = None) -> tfma.metrics.MetricKey:
        return tfma.metrics.MetricKey(
            name=name,
            model_name=model_name,
            output_name=output_name,
            sub_key=None if class_id is None else tfma.metrics.SubKey(class_id=class_id),
            aggregation_type=aggregation_type,
            example_weighted=example_weighted,
        )

    # TFMA looks thresholds up by key: a MetricConfig's under example_weighted=False, those that a MetricsSpec lists by
    # name under None. So the mean can be gated by the first, everything beside it by the second.
    mean, classes = key(name, example_weighted=False), key(f"{name}_classes")
    accuracy = key("pixel_accuracy")
    per_class = [key("iou", class_id) for class_id in range(num_classes)]

    def result(metrics: tfma.metrics.MetricsDict) -> tfma.metrics.MetricsDict:
        matrix = metrics[matrix_key]
        return {
            mean: scores.mean_iou(matrix),
            classes: scores.counted_classes(matrix),
            accuracy: scores.pixel_accuracy(matrix),
            **dict(zip(per_class, scores.iou(matrix).tolist(), strict=True)),
        }

    derived = tfma.metrics.DerivedMetricComputation(keys=[mean, classes, accuracy, *per_class], result=result)
    return [counting, derived]
