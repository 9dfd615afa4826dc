"""`segpipe schema update`, in this process, on the metadata of a run that stopped at the guard."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from ml_metadata.proto import metadata_store_pb2 as mlmd
from tfx.orchestration import metadata

from components.anomaly_guard.kept_statistics import KeptStatistics
from pipeline.cli import main
from pipeline.past_runs import STORE
from tests.components.anomaly_guard.statistics import SCHEMA_TEXT, image, statistics_artifact, statistics_of

WIDER = SCHEMA_TEXT.replace("int_domain { min: 1 max: 4 }", "int_domain { min: 1 max: 5 }")
GOOD = [image()] * 3


@pytest.fixture
def run(run_config):
    """Records a StatisticsGen that has seen such images, and a guard that failed."""
    run_dir = run_config.parent / "run"
    run_dir.mkdir()
    connection = metadata.sqlite_metadata_connection_config(str(run_dir / STORE))

    def record(images: list[dict], state=mlmd.Execution.COMPLETE) -> Path:
        with metadata.Metadata(connection) as handle:
            store = handle.store
            number = len(store.get_executions())
            made = statistics_artifact(
                run_dir / f"statistics-{number}", train=statistics_of(images), eval=statistics_of(GOOD)
            )
            made.type_id = store.put_artifact_type(made.artifact_type)
            event = mlmd.Event(type=mlmd.Event.OUTPUT)
            event.path.steps.add().key = "statistics"
            for kind, ended, outputs in (
                ("tfx.components.statistics_gen.component.StatisticsGen", state, [(made.mlmd_artifact, event)]),
                ("components.anomaly_guard.component.AnomalyGuard", mlmd.Execution.FAILED, []),
            ):
                type_id = store.put_execution_type(mlmd.ExecutionType(name=kind))
                store.put_execution(mlmd.Execution(type_id=type_id, last_known_state=ended), outputs, [])
        return Path(made.uri)

    return record


@pytest.fixture
def update(run_config, capsys):
    """Runs the command, whose user has a terminal only if there is an answer; returns exit code, stdout and stderr."""

    def update(*arguments: object, answer: str | None = None) -> tuple[int, str, str]:
        with pytest.MonkeyPatch.context() as patch:
            for stream in (sys.stdin, sys.stdout):
                patch.setattr(stream, "isatty", lambda: answer is not None, raising=False)
            patch.setenv("TERM", "xterm")
            patch.delenv("NO_COLOR", raising=False)
            patch.setattr("builtins.input", lambda _: answer)
            code = main(["schema", "update", str(run_config), *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return update


def test_a_diff_that_nobody_agreed_to_changes_nothing(run, update, run_config):
    run([*GOOD, image(image_channels=5)])
    code, out, err = update()
    assert code == 0 and err.endswith("nothing was written: accept it with --yes\n")
    lines = out.splitlines()
    assert lines[:2] == ["--- schema.pbtxt", "+++ schema.pbtxt, updated"]
    assert [line for line in lines[2:] if line.startswith(("-", "+"))] == [
        "-  int_domain { min: 1 max: 4 }",
        "+  int_domain { min: 1 max: 5 }",
    ]
    for answer in ("n", ""):
        code, coloured, _ = update(answer=answer)
        assert code == 0 and "\x1b[32m+  int_domain { min: 1 max: 5 }\x1b[0m" in coloured
        assert re.sub(r"\x1b\[\d+m", "", coloured) == out
    assert not list(run_config.parent.glob("**/*.pbtxt"))


@pytest.mark.parametrize("agreed", [{"arguments": ["--yes"]}, {"answer": "y"}, {"answer": "Yes"}])
def test_by_default_it_lies_with_the_data(run, update, run_config, agreed):
    run([*GOOD, image(image_channels=5)])
    code, out, _ = update(*agreed.get("arguments", []), answer=agreed.get("answer"))
    file = run_config.parent / "data" / "schema.pbtxt"
    assert code == 0 and file.read_text() == WIDER
    assert out.endswith(f"{file}\nto have the next run use it, set data.schema: {file}\n")
    assert update("--set", f"data.schema={file}")[1] == (
        "the schema lets the data of the last run through: there is nothing to update\n"
    )


def test_a_schema_of_ones_own_is_replaced(run, update, tmp_path):
    run([*GOOD, image(image_channels=5)])
    own = tmp_path / "own.pbtxt"
    own.write_text(SCHEMA_TEXT.replace("# The curated", "# My curated"))
    code, out, _ = update("--set", f"data.schema={own}", "--yes")
    assert code == 0 and own.read_text() == WIDER.replace("# The curated", "# My curated")
    assert out.endswith(f"\n{own}\n")
    other = tmp_path / "made" / "other.pbtxt"
    run([*GOOD, image(image_format=b"gif")])
    assert update("--set", f"data.schema={own}", "--yes", "--out", other)[0] == 0
    assert 'value: "gif"' in other.read_text() and "gif" not in own.read_text()


def test_the_last_statistics_that_were_finished_count(run, update):
    run([*GOOD, image(image_channels=5)])
    run([*GOOD, image(image_channels=6)], mlmd.Execution.CACHED)
    run([*GOOD, image(image_channels=7)], mlmd.Execution.FAILED)
    assert "max: 6 }" in update()[1]


def test_drift_is_measured_against_what_the_guard_has_kept(run, update, run_config):
    cars = [image(classes=(0, 1))] * 100
    run([image(classes=(0,))] * 100)
    KeptStatistics(str(run_config.parent / "run" / "statistics")).keep("0" * 16, statistics_of(cars))
    added = [line for line in update()[1].splitlines() if line.startswith("+ ")]
    assert added == ["+  drift_comparator { infinity_norm { threshold: 0.79 } }"]  # 1 less the 0.212 of chance


def test_refusals(run, update, run_config, tmp_path):
    run(GOOD, mlmd.Execution.FAILED)
    code, out, err = update()
    assert (code, out) == (1, "") and "has no statistics of data yet" in err
    uri = run(GOOD)
    (uri / "Split-eval" / "FeatureStats.pb").unlink()
    uri.rename(tmp_path / "elsewhere")
    code, out, err = update()
    assert (code, out) == (1, "") and f"are no longer at {uri}; run the pipeline again" in err
    code, out, err = update("--set", f"run_dir={tmp_path}/no")
    assert (code, out) == (1, "") and err.endswith(
        f"{tmp_path}/no is no run: it has no metadata.sqlite; start one with segpipe run first\n"
    )
