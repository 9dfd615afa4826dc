import pytest

from kubeflow.rehearsal.task_order import task_order
from schema.user_error import UserError


def after(*others: str, takes: str = "") -> dict:
    """A task that waits for others, and may take an artifact of one."""
    artifact = {"model": {"taskOutputArtifact": {"producerTask": takes, "outputArtifactKey": "model"}}}
    return {"dependentTasks": list(others), "inputs": {"artifacts": artifact if takes else {}}}


TASKS = {
    "Push": after("Guard", takes="Train"),
    "Guard": after("Read"),
    "Train": after(takes="Read"),
    "Read": after(),
    "Other": after("Read"),
}


def test_everything_comes_after_what_it_needs():
    order = task_order(TASKS)
    assert sorted(order) == sorted(TASKS)
    for earlier, later in (
        ("Read", "Guard"),
        ("Read", "Train"),
        ("Guard", "Push"),
        ("Train", "Push"),
        ("Read", "Other"),
    ):
        assert order.index(earlier) < order.index(later)


def test_until_a_task_runs_only_what_that_needs():
    assert task_order(TASKS, until="Train") == ["Read", "Train"]
    assert set(task_order(TASKS, until="Push")) == {"Read", "Train", "Guard", "Push"}


def test_an_unknown_task_to_end_with():
    with pytest.raises(UserError, match="no task Trane; there are Push, Guard, Train, Read, Other"):
        task_order(TASKS, until="Trane")


def test_a_circle():
    with pytest.raises(UserError, match="wait for each other"):
        task_order({"A": after("B"), "B": after(takes="A")})


def test_somebody_who_is_not_there():
    with pytest.raises(UserError, match="A waits for B, which is no task of this pipeline"):
        task_order({"A": after("B")})
