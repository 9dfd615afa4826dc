"""A tiny dataset and configuration for whole runs."""

import subprocess
from pathlib import Path

import pytest
import yaml

from datasets.shapes import SHAPES_LABEL_MAP, shapes_samples
from datasets.write_records import write_records
from tests.conftest import ROOT
from tests.e2e.segpipe import segpipe


@pytest.fixture(scope="session")
def shapes(tmp_path_factory) -> Path:
    """24 training and 8 validation images."""
    out = tmp_path_factory.mktemp("data") / "shapes"
    write_records(shapes_samples(train=24, val=8), SHAPES_LABEL_MAP, out)
    return out


@pytest.fixture(scope="session")
def tiny_config(shapes, tmp_path_factory) -> Path:
    """The demo's configuration, limited: small inputs, a dozen steps, and a gate that anything passes."""
    folder = tmp_path_factory.mktemp("tiny")
    config = yaml.safe_load((ROOT / "configs" / "shapes.yaml").read_text())
    config["run_dir"] = str(folder / "run")
    config["data"]["path"] = str(shapes)
    config["model"] |= {"input_size": 64, "width": 0.35, "aspp_filters": 16, "decoder_filters": 16}
    config["model"]["evaluation_output_stride"] = 8
    config["training"] |= {"steps": 12, "batch_size": 4, "checkpoint_every": 5, "class_balance": 0.5}
    config["training"] |= {"oversample": {"star": 2}, "crop_size": [32, 48], "warmup_steps": 2, "clip_norm": 5.0}
    config["training"] |= {"held_out": 0.2, "validate_every": 4}
    config["evaluation"]["gate"]["min_mean_iou"] = 0.0
    config["report"] = {"examples": 3}
    path = folder / "tiny.yaml"
    path.write_text(yaml.safe_dump(config))
    return path


@pytest.fixture(scope="session")
def run_dir(tiny_config) -> Path:
    return Path(yaml.safe_load(tiny_config.read_text())["run_dir"])


@pytest.fixture(scope="session")
def first_run(tiny_config) -> subprocess.CompletedProcess[str]:
    """`segpipe run` of the tiny configuration, which every test module shares."""
    return segpipe("run", tiny_config)
