import json

import numpy as np
import pytest
from tensorflow_model_analysis.proto import config_pb2

from components.segmentation_metrics.boundary_counts import boundary_counts
from components.segmentation_metrics.boundary_iou import BoundaryIoU
from tests.components.segmentation_metrics.evaluation import evaluate, example, values


def test_pools_the_pixels_of_each_slice(tmp_path):
    random = np.random.default_rng(0)
    pairs = [
        tuple(np.kron(random.choice([0, 1, 2, 255], (3, 4)), np.ones((size, size), int)) for _ in range(2))
        for size in (5, 9, 20, 1)
    ]
    sources = ["a", "b", "a", "b"]
    examples = [example(*pair, source) for pair, source in zip(pairs, sources, strict=True)]
    examples.append(example([[255]], [[0]], "nothing labelled"))
    config = {"num_classes": 4, "dilation_ratio": 0.05}
    by_source = [config_pb2.SlicingSpec(feature_keys=["source"])]
    got = values(evaluate(tmp_path, examples, [config], "BoundaryIoU", slicing_specs=by_source))

    for key, wanted in {(): "ab", (("source", "a"),): "a", (("source", "b"),): "b"}.items():
        in_truth, in_prediction, in_both = sum(
            boundary_counts(*pair, num_classes=4, dilation_ratio=0.05)
            for pair, source in zip(pairs, sources, strict=True)
            if source in wanted
        )
        expected = [*(in_both[:3] / (in_truth + in_prediction - in_both)[:3]), np.nan]
        np.testing.assert_allclose([got[key]["", "boundary_iou", k] for k in range(4)], expected)
        assert got[key]["", "mean_boundary_iou", None] == pytest.approx(np.nanmean(expected))
    assert np.isnan(list(got[("source", "nothing labelled"),].values())).all()


def test_an_error_names_the_image():
    preprocessor = BoundaryIoU(2).computations()[0].preprocessors[0]
    with pytest.raises(ValueError, match="image without a file name: the truth has id 7"):
        list(preprocessor.process(example([[7]], [[0]])))


def test_computations_are_told_apart_by_their_config():
    first = BoundaryIoU(3).computations()[0]
    assert first == BoundaryIoU(3, name="again").computations()[0]
    assert first != BoundaryIoU(3, dilation_ratio=0.01).computations()[0]


def test_survives_its_own_config():
    metric = BoundaryIoU(2, void=0, dilation_ratio=0.01, name="contours")
    again = BoundaryIoU.from_config(json.loads(json.dumps(metric.get_config())))
    assert again.get_config() == metric.get_config()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_classes": 0}, "got 0"),
        ({"num_classes": 2, "dilation_ratio": 0}, "dilation_ratio must be positive, got 0"),
    ],
)
def test_constructor_quotes_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        BoundaryIoU(**arguments)
