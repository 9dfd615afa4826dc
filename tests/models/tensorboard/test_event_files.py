"""TensorBoard's files over restarts."""

import tensorflow as tf

from models.tensorboard.event_files import EventFiles
from tests.models.tensorboard.read_events import read_events


def _write(folder, steps, checkpoints, die_after=None):
    """As a training does that has a checkpoint at `checkpoints`; returns without ending the file where it dies."""
    files = EventFiles(str(folder))
    files.restart(steps[0] - 1)
    for step in steps:
        with (writer := files.writer(step)).as_default(step):
            tf.summary.scalar("loss", 100 * len(steps) + step)
        writer.flush()
        if step == die_after:
            return
        if step in checkpoints:
            files.end()
    files.end()


def test_a_restart_leaves_each_step_once(tmp_path):
    _write(tmp_path, range(1, 10), {4, 8}, die_after=7)  # the newest checkpoint is that of step 4
    assert [step for step, _ in read_events(tmp_path)["loss"]] == [1, 2, 3, 4, 5, 6, 7]
    _write(tmp_path, range(5, 10), {4, 8})
    points = {step: float(value) for step, value in read_events(tmp_path)["loss"]}
    assert [step for step, _ in read_events(tmp_path)["loss"]] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert points == {step: (900 if step <= 4 else 500) + step for step in range(1, 10)}


def test_a_restart_from_the_beginning_leaves_nothing(tmp_path):
    (tmp_path / "step-00000004.weights.h5").write_text("not ours")
    _write(tmp_path, range(1, 4), {4}, die_after=3)
    EventFiles(str(tmp_path)).restart(0)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000004.weights.h5"]


def test_only_events_are_copied(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    target.mkdir()
    EventFiles(str(source)).copy_to(str(target))  # a training that was over when it was resumed has none
    assert not list(target.iterdir())
    _write(source, range(1, 6), {4})
    (source / "step-00000004.weights.h5").write_text("a checkpoint")
    EventFiles(str(source)).copy_to(str(target))
    assert len(list(target.iterdir())) == 2
    assert [step for step, _ in read_events(target)["loss"]] == [1, 2, 3, 4, 5]
