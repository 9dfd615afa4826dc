"""What people are told of a training while it runs."""

import logging

from models.training.pixel_counts import PixelCounts
from models.training.training_log import Step, TrainingLog
from models.training.training_progress import TrainingProgress


def test_progress_reports_loss_and_mean_iou_of_late(caplog):
    caplog.set_level(logging.INFO, logger="segpipe.training")
    log, counts = TrainingLog(), PixelCounts(2)
    progress = TrainingProgress(steps=3, batch_size=2, log=log, counts=counts)
    progress.on_train_begin()
    for batch, (loss, seen) in enumerate(((9.0, [2, 2, 0, 0]), (4.0, [3, 3, 0, 3]), (2.0, [5, 3, 0, 6]))):
        log.steps.append(Step(batch + 1, loss, 0.1))
        counts.counts.assign(seen)
        progress.on_train_batch_end(batch, {})
    first, last = caplog.messages
    assert first == "step 1/3  loss 9.000  mIoU 0.500"
    # [[3, 1], [0, 6]] pixels since then, by true and predicted class: 3 of 4 and 6 of 7.
    assert last.startswith("step 3/3  loss 3.000  mIoU 0.804  ") and last.endswith(" images/s  0:00 left")


def test_a_resumed_training_says_where_it_goes_on(caplog):
    caplog.set_level(logging.INFO, logger="segpipe.training")
    log = TrainingLog()
    log.steps = [Step(1, 9.0, 0.1), Step(2, 8.0, 0.1)]
    TrainingProgress(steps=3, batch_size=2, log=log, counts=PixelCounts(2)).on_train_begin()
    assert caplog.messages == ["resuming at step 2 of 3"]
