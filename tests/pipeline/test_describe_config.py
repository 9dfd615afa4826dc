from pathlib import Path

from pipeline.describe_config import describe_config

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_document_is_current():
    assert DOCUMENT.read_text(encoding="utf-8") == describe_config(), "run `make docs`"


def test_every_key_has_type_default_and_meaning():
    rows = [line.split(" | ") for line in describe_config().splitlines() if line.startswith("| `")]
    assert all(len(row) == 4 and all(cell.strip("| ") for cell in row) for row in rows)
    assert "None" not in describe_config()
    by_key = {row[0].strip("| `"): row for row in rows}
    assert by_key["training.steps"][1:3] == ["integer ≥ 1", "`30000`"]
    assert by_key["evaluation.gate.min_mean_iou"][1:3] == ["number ≥ 0, ≤ 1", "required"]
    assert by_key["model.input_size"][1:3] == ["[integer, integer]", "`[512, 512]`"]
    assert by_key["data.label_map"][1:3] == ["path", "`null`"]
