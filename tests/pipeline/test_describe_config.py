from pathlib import Path

from pipeline.describe_config import describe_config

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_document_is_current():
    assert DOCUMENT.read_text(encoding="utf-8") == describe_config(), "run `make docs`"


def test_every_key_has_type_default_and_meaning():
    rows = [line.split(" | ") for line in describe_config().splitlines() if line.startswith("| `")]
    assert all(len(row) == 4 and all(cell.strip("| ") for cell in row) for row in rows)
    assert "None" not in describe_config()
    assert not [line for line in describe_config().splitlines() if line != line.strip()]  # indented, it would be code
    by_key = {row[0].strip("| `"): row for row in rows}
    assert by_key["training.steps"][1:3] == ["integer ≥ 1", "`30000`"]
    assert by_key["evaluation.gate.min_mean_iou"][1:3] == ["number ≥ 0, ≤ 1", "required"]
    assert by_key["model.input_size"][1:3] == ["[integer, integer]", "`[512, 512]`"]
    assert by_key["data.label_map"][1:3] == ["path", "`null`"]
    assert by_key["kubeflow.image"][1:3] == ["text", "required"]
    assert by_key["kubeflow.all.gpu.count"][1:3] == ["integer ≥ 1", "`1`"]
    assert by_key["kubeflow.all.volumes"][1:3] == ["[section, …]", "`[]`"]
    assert by_key["kubeflow.all.volumes[].claim"][1:3] == ["text", "required"]
    assert by_key["beam.runner"][2] == "`direct`"


def test_an_optional_section_says_so():
    _, _, text = describe_config().partition("\n## kubeflow\n")
    assert text.strip().splitlines()[0] == "A run on Kubeflow Pipelines. Optional: by default there is none."


def test_sections_that_are_alike_are_described_once():
    document = describe_config()
    assert not any(
        line.startswith(("## kubeflow.components.", "## beam.components.")) for line in document.splitlines()
    )
    (line,) = [line for line in document.splitlines() if line.startswith("`kubeflow.components.NAME`")]
    assert line.startswith("`kubeflow.components.NAME` has the keys `cpu`, `memory`, `gpu`, `node_selector`, ")
    assert ", as `kubeflow.all` has; NAME is one of `SegmentationExampleGen`, " in line
    assert line.endswith("`MlflowTracker`, `BulkInferrer`.")
    (line,) = [line for line in document.splitlines() if line.startswith("`beam.components.NAME`")]
    names = "`SegmentationExampleGen`, `StatisticsGen`, `LeakGuard`, `Transform`, `Evaluator`, `BulkInferrer`"
    assert line == f"`beam.components.NAME` has the keys `runner`, `options`, as `beam` has; NAME is one of {names}."
