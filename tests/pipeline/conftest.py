"""A run that needs no TFX to be refused: a configuration file and the data that it names."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

LABEL_MAP = """\
classes:
- {name: sky, color: [0, 0, 255]}
- {name: land, color: [0, 255, 0]}
"""


@pytest.fixture
def run_config(tmp_path: Path) -> Path:
    """The smallest configuration, with data that looks right from the outside."""
    data = tmp_path / "data"
    data.mkdir()
    for name in ("train-0.tfrecord", "val-0.tfrecord"):
        (data / name).write_bytes(b"record")
    (data / "label_map.yaml").write_text(LABEL_MAP)
    file = tmp_path / "run.yaml"
    values = {
        "name": "small",
        "run_dir": str(tmp_path / "run"),
        "data": {"path": str(data)},
        "model": {"weights": "none"},
        "evaluation": {"gate": {"min_mean_iou": 0.5}},
    }
    file.write_text(yaml.safe_dump(values, sort_keys=False))
    return file
