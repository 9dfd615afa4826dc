"""Data that the guard stops, and what lets it through, with TFX's own runner, statistics and metadata."""

from __future__ import annotations

import re

import pytest
import yaml
from tfx import v1 as tfx
from tfx.orchestration.pipeline import RunOptions

from datasets.shapes import SHAPES_LABEL_MAP, shapes_samples
from datasets.write_records import write_records
from pipeline.cli import main
from pipeline.config import load_config
from pipeline.create_pipeline import Places, create_pipeline
from pipeline.local_runner import metadata_connection
from pipeline.read_schema import read_schema
from pipeline.watch_components import watch_components
from schema.user_error import UserError

pytestmark = pytest.mark.slow


@pytest.fixture
def config_file(tmp_path):
    """A configuration whose own schema is too narrow for its data."""
    write_records(shapes_samples(train=6, val=3), SHAPES_LABEL_MAP, tmp_path / "data")
    schema = tmp_path / "schema.pbtxt"
    schema.write_text(read_schema(None).replace("int_domain { min: 0 max: 254", "int_domain { min: 0 max: 1"))
    values = {
        "name": "narrow",
        "run_dir": str(tmp_path / "run"),
        "data": {"path": str(tmp_path / "data"), "schema": str(schema)},
        "evaluation": {"gate": {"min_mean_iou": 0.5}},
    }
    file = tmp_path / "narrow.yaml"
    file.write_text(yaml.safe_dump(values))
    return file


def look_at_data(file) -> dict[str, str]:
    """Runs the components up to the guard; their states by name."""
    config = load_config(file)
    config.run_dir.mkdir(exist_ok=True)
    run_dir = str(config.run_dir)
    places = Places(str(config.data.path), f"{run_dir}/root", "", "", f"{run_dir}/statistics")
    connection = metadata_connection(config.run_dir)
    whole = create_pipeline(config, SHAPES_LABEL_MAP, read_schema(config.data.schema_path), places, connection)
    states: dict[str, str] = {}
    with watch_components(connection, lambda name, state, _: states.__setitem__(name, state)):
        tfx.orchestration.LocalDagRunner().run(whole, run_options=RunOptions(to_nodes=["AnomalyGuard"]))
    return states


def test_a_run_that_the_guard_stopped_goes_on_with_an_updated_schema(config_file, tmp_path, capsys):
    with pytest.raises(UserError) as caught:
        look_at_data(config_file)
    lines = str(caught.value).splitlines()
    assert re.fullmatch(r"  split train, class/present: expected 0 to 1, saw 4 \(in .+\)", lines[1])
    assert lines[2].startswith("  split eval, class/present: expected 0 to 1, saw 4") and len(lines) == 4

    capsys.readouterr()
    assert main(["schema", "update", str(config_file), "--yes"]) == 0
    assert "+  int_domain { min: 0 max: 4" in capsys.readouterr().out
    assert "max: 4 is_categorical: true }  # so that" in (tmp_path / "schema.pbtxt").read_text()

    states = look_at_data(config_file)
    assert states.pop("SegmentationExampleGen") == "cached" and set(states.values()) == {"done"}
    (kept,) = (tmp_path / "run" / "statistics").iterdir()
    assert set(look_at_data(config_file).values()) == {"cached"}, "the guard's own entry is no change"

    kept.rename(kept.with_name(kept.name.replace(kept.name[-19:-3], "0" * 16)))
    states = look_at_data(config_file)
    assert states.pop("AnomalyGuard") == "done" and set(states.values()) == {"cached"}
