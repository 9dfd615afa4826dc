"""Tries a model in this process, which may die of it: `python -m components.servability.probe REQUEST ANSWER`."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from components.segmentation_metrics.confusion_matrix import confusion_matrix
from components.segmentation_metrics.mask_ids import mask_ids
from components.servability.trials import trials
from schema.record import IMAGE, MASK
from schema.signatures import EXAMPLE_INPUT, EXAMPLE_SIGNATURE, IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT
from schema.what_failed import what_failed

_CALLS = 20


def main(request: Path, answer: Path) -> None:
    """Writes one JSON object a line: what begins, how it ended, and at last the measurements.

    Args:
        request: a JSON object: `model`, a SavedModel; `records`, a TFRecord file; `num_classes`.
        answer: the file to write; each line is whole before what it announces begins.
    """
    asked = json.loads(request.read_text(encoding="utf-8"))
    with answer.open("w", encoding="utf-8") as file:

        def say(**words: object) -> None:
            print(json.dumps(words), file=file, flush=True)

        say(begin="loading")
        records = list(tf.data.TFRecordDataset(asked["records"]).as_numpy_iterator())
        try:
            model = tf.saved_model.load(asked["model"])
        except Exception as error:  # whatever is in its files
            say(trial="loading", fault=_fault(error))
            return
        say(trial="loading", fault=None)
        failed = False
        for trial in trials(asked["model"], model, records, asked["num_classes"]):
            say(begin=trial.name)
            try:
                fault = trial.run()
            except Exception as error:  # whatever the model raises is its fault
                fault = _fault(error)
            failed |= fault is not None
            say(trial=trial.name, fault=fault)
        if not failed:
            say(begin="measuring")
            say(latency_ms=_latency(model, records), memory_mb=_memory(), confusion=_confusion(model, records, asked))


def _fault(error: Exception) -> str:
    return f"{type(error).__name__}: {what_failed(error) or 'no message'}"


def _latency(model: Any, records: list[bytes]) -> float:
    signature = model.signatures[IMAGE_SIGNATURE]
    seconds = []
    for call in range(_CALLS):
        example = tf.train.Example.FromString(records[call % len(records)])
        image = tf.constant(list(example.features.feature[IMAGE].bytes_list.value))
        started = time.perf_counter()
        signature(**{IMAGE_INPUT: image})[MASK_OUTPUT].numpy()
        seconds.append(time.perf_counter() - started)
    return 1000 * statistics.median(seconds)


def _memory() -> float:
    """The most that this process had, in MB."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return kilobytes / 1000 * 1.024


def _confusion(model: Any, records: list[bytes], asked: dict) -> list[list[int]]:
    signature = model.signatures[EXAMPLE_SIGNATURE]
    masks = signature(**{EXAMPLE_INPUT: tf.constant(records)})[MASK_OUTPUT].numpy()
    total = np.zeros((asked["num_classes"], asked["num_classes"] + 1), np.int64)
    for record, mask in zip(records, masks, strict=True):
        truth = tf.train.Example.FromString(record).features.feature[MASK].bytes_list.value[0]
        total += confusion_matrix(mask_ids(truth), mask_ids(mask), asked["num_classes"])
    return total.tolist()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
