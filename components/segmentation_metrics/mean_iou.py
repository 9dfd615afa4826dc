"""Mean intersection over union as a TFMA metric."""

from collections.abc import Sequence
from typing import Any

import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics import confusion_matrix_plot
from components.segmentation_metrics.confusion_matrix_computation import confusion_matrix_computation
from components.segmentation_metrics.image_statistics import STATISTICS, image_statistics
from schema import record, scores

NAME = "mean_iou"

_OVERALL = {
    "pixel_accuracy": scores.pixel_accuracy,
    "mean_accuracy": scores.mean_accuracy,
    "fw_iou": scores.fw_iou,
}
_PER_CLASS = {
    "iou": scores.iou,
    "precision": scores.precision,
    "recall": scores.recall,
    "dice": scores.dice,
}


class MeanIoU(tfma.metrics.Metric):
    """Mean IoU of masks at their own size, with the scores that explain it, all from one confusion matrix.

    Configured by name; without `module`, TFMA takes the Keras metric of the same name:

        config_pb2.MetricConfig(class_name="MeanIoU", module="components.segmentation_metrics.mean_iou",
                                config='{"num_classes": 21}')

    (`config_pb2` is `tensorflow_model_analysis.proto.config_pb2`: TFMA 0.52 exports these as `tfma.MetricConfig` only
    where TFX is imported first.)

    Labels and predictions are anything `mask_ids` reads. Per slice and model the results are:

    - `mean_iou` (or the given name): the mean over the classes that the truth has,
    - `mean_iou_classes` (or the given name and `_classes`): how many classes those are,
    - `foreground_mean_iou`: the mean without the background,
    - `pixel_accuracy`, `mean_accuracy` (recall averaged over classes) and `fw_iou` (frequency-weighted),
    - `iou`, `precision`, `recall` and `dice` with `SubKey(class_id=k)`: of each class, nan where the truth does not
      have it; precision, where the prediction does not,
    - `image_mean_iou_{mean,std,min,p10,p50,p90,max}`: how the mean IoU of single images, each over the classes of its
      own truth, spreads over the images,
    - the plot `segmentation_confusion_matrix`, read back by `confusion_matrix_plot.from_plot`.

    Where a slice has no labelled pixel the scores are nan, and nan passes no bound. Pixels are counted, so example
    weights mean nothing here: TFMA raises where a spec asks for weighted metrics.

    TFMA's confidence intervals resample images. Where a class is in so few of them that some sample has none, that
    sample is nan, and so are the bounds of the class.

    A threshold on the MetricConfig applies to the mean. The others are gated by name in a spec of their own, e.g.
    that no model may be bad at class 15, overall:

        config_pb2.MetricsSpec(
            binarize=config_pb2.BinarizationOptions(class_ids={"values": [15]}),
            per_slice_thresholds={"iou": config_pb2.PerSliceMetricThresholds(thresholds=[
                config_pb2.PerSliceMetricThreshold(slicing_specs=[config_pb2.SlicingSpec()], threshold=...)])})
    """

    def __init__(
        self,
        num_classes: int,
        class_names: Sequence[str] | None = None,
        void: int = record.VOID,
        background: int | None = 0,
        name: str = NAME,
    ):
        """Initializes the metric.

        Args:
            num_classes: C; class ids are 0..C-1.
            class_names: C names. They change no number: they travel in the eval config for those who read results.
            void: The id in the truth that is left out.
            background: The class that `foreground_mean_iou` leaves out; None where there is no such class.
            name: Of the mean, in the results.

        Raises:
            ValueError: `num_classes` is not 1..255, the names are not C, or the background is no class.
        """
        if not 1 <= num_classes <= record.MAX_CLASSES:
            raise ValueError(f"num_classes must be 1..{record.MAX_CLASSES}, got {num_classes}")
        if class_names is not None and len(class_names) != num_classes:
            raise ValueError(f"num_classes is {num_classes}, but there are {len(class_names)} class_names")
        if background is not None and not 0 <= background < num_classes:
            raise ValueError(f"background must be one of the classes 0..{num_classes - 1} or None, got {background}")
        super().__init__(
            tfma.metrics.merge_per_key_computations(_computations),
            num_classes=num_classes,
            class_names=class_names,
            void=void,
            background=background,
            name=name,
        )


# TFMA passes arguments by name, and only those a function lists: no `example_weighted` here makes it refuse weights.
def _computations(
    num_classes: int,
    class_names: Sequence[str] | None,
    void: int,
    background: int | None,
    name: str,
    eval_config: config_pb2.EvalConfig | None = None,
    model_name: str = "",
    output_name: str = "",
    aggregation_type: Any = None,
) -> tfma.metrics.MetricComputations:
    counting = confusion_matrix_computation(num_classes, void, eval_config, model_name, output_name)
    matrix_key, image_iou_key = counting.keys

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
    mean, classes, foreground = key(name, example_weighted=False), key(f"{name}_classes"), key("foreground_mean_iou")
    overall = {key(name): score for name, score in _OVERALL.items()}
    per_class = {tuple(key(name, k) for k in range(num_classes)): score for name, score in _PER_CLASS.items()}
    images = {key(f"image_mean_iou_{statistic}"): statistic for statistic in STATISTICS}
    plot = tfma.metrics.PlotKey(name=confusion_matrix_plot.NAME, model_name=model_name, output_name=output_name)

    def result(metrics: tfma.metrics.MetricsDict) -> tfma.metrics.MetricsDict:
        matrix = metrics[matrix_key]
        spread = image_statistics(metrics[image_iou_key])
        results = {
            mean: scores.mean_iou(matrix),
            classes: scores.counted_classes(matrix),
            foreground: scores.foreground_mean_iou(matrix, background),
            plot: confusion_matrix_plot.to_plot(matrix),
            **{key: score(matrix) for key, score in overall.items()},
            **{key: spread[statistic] for key, statistic in images.items()},
        }
        for keys, score in per_class.items():
            results.update(zip(keys, score(matrix).tolist(), strict=True))
        return results

    keys = [mean, classes, foreground, plot, *overall, *images, *(key for keys in per_class for key in keys)]
    return [counting, tfma.metrics.DerivedMetricComputation(keys=keys, result=result)]
