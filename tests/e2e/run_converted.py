"""Real data's way, as a user goes it."""

import json
from pathlib import Path

from tests.conftest import ROOT
from tests.e2e.segpipe import segpipe


def run_converted(folder: Path, dataset: str, source: list[object], changes: dict[str, object], exit_code: int) -> dict:
    """`segpipe convert` into `folder/data`, then `segpipe run` of the shipped configuration into `folder/run`.

    Args:
        folder: a place for both.
        dataset: its name on the command line.
        source: the options that say where the dataset is.
        changes: `--set`, beside the two folders and no weights: the model is not trained to know anything.
        exit_code: the run's, as expected.

    Returns:
        What the report's metrics.json holds.
    """
    converted = segpipe("convert", dataset, *source, "--out", folder / "data")
    assert converted.returncode == 0, converted.stderr
    changes = {"run_dir": folder / "run", "data.path": folder / "data", "model.weights": "none", **changes}
    overrides = [part for key, value in changes.items() for part in ("--set", f"{key}={value}")]
    config = {"voc": "voc2012"}.get(dataset, dataset)
    run = segpipe("run", ROOT / "configs" / f"{config}.yaml", *overrides)
    assert run.returncode == exit_code, run.stderr
    return json.loads((folder / "run" / "report" / "metrics.json").read_text())
