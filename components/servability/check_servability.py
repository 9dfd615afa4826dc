"""Whether a model can be served: what a process of its own made of it, and what it took."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from components.servability.settings import ServabilitySettings

_ROOT = Path(__file__).parents[2]  # where our packages are


def check_servability(
    model: str,
    records: Sequence[bytes],
    num_classes: int,
    settings: ServabilitySettings,
    evaluated: list[list[int]] | None = None,
) -> dict[str, Any]:
    """Loads the model in a fresh process and tries it; a crash or a hang of that process is a fault like any other.

    Args:
        model: the folder of a SavedModel, local.
        records: evaluated tf.Examples, one or more.
        num_classes: C.
        settings: limits.
        evaluated: the Evaluator's confusion matrix `[C][C + 1]`, where `records` are all that it was counted on.

    Returns:
        `passed`; `faults`, a sentence each; `trials`, how many there were; `latency_ms` and `memory_mb`, None where
        it did not come to that.
    """
    with tempfile.TemporaryDirectory() as scratch:
        request, answer, log, data = (Path(scratch) / name for name in ("request", "answer", "log", "records"))
        with tf.io.TFRecordWriter(str(data)) as writer:
            for record in records:
                writer.write(record)
        request.write_text(json.dumps({"model": model, "records": str(data), "num_classes": num_classes}))
        end = _run(request, answer, log, settings.timeout_s)
        lines = [json.loads(line) for line in answer.read_text().splitlines()] if answer.exists() else []
    done = [line for line in lines if "trial" in line]
    faults = [f"{line['trial']}: {line['fault']}" for line in done if line["fault"]]
    if end:
        begun = [line["begin"] for line in lines if "begin" in line]
        faults.append(f"{begun[-1] if begun else 'starting'}: {end}")
    measured: dict[str, Any] = next((line for line in lines if "latency_ms" in line), {})
    faults += _exceeded(measured, settings)
    if measured and evaluated is not None and measured["confusion"] != evaluated:
        faults.append("its masks of the evaluated images are not those that the Evaluator counted")
    return {
        "passed": not faults,
        "faults": faults,
        "trials": len(done),
        "latency_ms": measured.get("latency_ms"),
        "memory_mb": measured.get("memory_mb"),
    }


def _run(request: Path, answer: Path, log: Path, seconds: int) -> str | None:
    """What became of the process, None where it came to its end."""
    command = [sys.executable, "-m", "components.servability.probe", str(request), str(answer)]
    environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ}
    environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with log.open("wb") as output:
        try:
            code = subprocess.run(
                command, stdout=output, stderr=output, timeout=seconds, env=environment, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            return f"not done after the {seconds} s of servability.timeout_s"
    if code < 0:
        return f"the process was killed by {signal.Signals(-code).name}"
    said = log.read_text(errors="replace").strip()[-500:]
    # What it was doing is in the answer, unless it did not even start.
    reason = f": {said}" if said and not answer.exists() else ""
    return f"the process ended with {code}{reason}" if code else None


def _exceeded(measured: dict[str, Any], settings: ServabilitySettings) -> list[str]:
    faults = []
    for what, limit, unit in (("latency", settings.max_latency_ms, "ms"), ("memory", settings.max_memory_mb, "MB")):
        value = measured.get(f"{what}_{unit.lower()}")
        if value is not None and limit is not None and value > limit:
            name = f"servability.max_{what}_{unit.lower()}"
            faults.append(f"{what}: {value:.0f} {unit}, more than the {limit:g} {unit} of {name}")
    return faults
