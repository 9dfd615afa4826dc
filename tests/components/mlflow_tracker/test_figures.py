import pytest

from components.mlflow_tracker.figures import figures
from tests.components.mlflow_tracker.metrics import FIGURES, METRICS


def of_classes(*names: str) -> dict:
    return {"iou": {name: index / 10 for index, name in enumerate(names)}, "slices": [], "baseline": {}}


def test_all_that_is_defined_and_a_number():
    assert figures(METRICS) == FIGURES


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("motor bike", "motor bike"),
        ("a-b_c.d", "a-b_c.d"),
        ("Straße", "Straße"),
        ("a/b", "a_b"),
        ("a:b", "a_b"),
        ("<b>&%", "_b___"),
        ("..", "__"),
        ("", "_"),
        ("x" * 300, "x" * 80),
    ],
)
def test_names_are_made_safe(name, safe):
    assert figures(of_classes(name)) == {f"iou/{safe}": 0.0}


def test_names_that_become_one_stay_apart():
    assert figures(of_classes("a/b", "a b", "a:b", "A_B")) == {
        "iou/a_b": 0.0,
        "iou/a b": 0.1,
        "iou/a_b 2": 0.2,
        "iou/A_B 3": 0.3,
    }


def test_an_undefined_class_keeps_its_name():
    """Else the figure of one class would be found under the name of another as soon as that is undefined."""
    metrics = of_classes("a/b", "a:b")
    metrics["iou"]["a/b"] = None
    assert figures(metrics) == {"iou/a_b 2": 0.1}
