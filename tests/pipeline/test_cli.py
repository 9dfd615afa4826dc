"""The command as people start it: in a process of its own, because what it imports, prints and returns counts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.commands.run import _sentence
from pipeline.lock_run import lock_run
from schema.user_error import UserError
from tests.conftest import ROOT

HEAVY = ("tensorflow", "tfx", "apache_beam", "keras")
COMMANDS = (
    "run",
    "report",
    "history",
    "tfma",
    "schema",
    "compile",
    "rehearse",
    "submit",
    "predict",
    "masks",
    "serve",
    "convert",
    "shapes",
    "show",
)

# Starts the command with a pipeline that does as it is told instead of taking minutes.
STAGED = """
import logging, sys, types
from pipeline.cli import main
from schema.user_error import UserError

def run_locally(config, label_map, say):
    say("Trainer", "running", 0.0)
    logging.getLogger("tfx").info("a line of TFX")
    {body}
    say("Trainer", "done", 1.5)
    verdict = dict(blessed={blessed}, pushed={blessed}, path="/serving/1", rules=[])
    scores = dict(mean_iou=0.5, num_classes=1, pixel_accuracy=0.5, iou=dict(sky=0.5))
    leaks = {{kind: dict(count=0) for kind in ("near_duplicates", "repeated_names", "repeated_pixels")}}
    data = dict(records=dict(train=dict(good=1, bad=0)), leaks=leaks)
    run = dict(name="small", split="eval", images=1, baseline=dict(state="first"), verdict=verdict, data=data)
    return run | scores

sys.modules["pipeline.local_runner"] = types.SimpleNamespace(run_locally=run_locally)
sys.exit(main())
"""


def start(*arguments: str | Path, script: str | None = None) -> subprocess.CompletedProcess[str]:
    begin = ["-c", script] if script else ["-m", "pipeline.cli"]
    return subprocess.run(
        [sys.executable, *begin, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def stage(*arguments: str | Path, body: str = "pass", blessed: bool = True) -> subprocess.CompletedProcess[str]:
    return start("run", *arguments, script=STAGED.format(body=body, blessed=blessed))


def best_of_three(*arguments: str | Path) -> float:
    """Seconds; the machine may be busy with something else."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        start(*arguments)
        times.append(time.perf_counter() - began)
    return min(times)


def test_help_names_every_command_in_no_time():
    ended = start("--help")
    assert ended.returncode == 0
    assert all(f"\n    {command} " in ended.stdout for command in COMMANDS)
    assert best_of_three("--help") < 1.0


def test_version_is_what_is_installed(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    said = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert said["Python"] == "{}.{}".format(*sys.version_info)
    assert said["TFX"] == ("1.16.0" if sys.version_info < (3, 11) else "1.21.0")
    assert f'\nversion = "{said["segpipe"]}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"usage: segpipe {command}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["run"], ["run", "a.yaml", "--nonsense"]])
def test_wrong_arguments_are_explained(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 1  # 2 is the gate's
    assert "usage: segpipe" in capsys.readouterr().err


def test_a_bad_configuration_is_refused_at_once_and_in_plain_words(run_config):
    arguments = ("run", run_config, "--set", "training.stpes=5")
    ended = start(*arguments)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        f"segpipe: {run_config}: the configuration is not right:",
        "  training.stpes: unknown key; did you mean steps? (--set training.stpes=5)",
    ]
    assert best_of_three(*arguments) < 2.0
    assert not (run_config.parent / "run").exists()


@pytest.mark.parametrize("override", ["training.stpes=5", "data.path=/nowhere"])
def test_nothing_heavy_is_imported_before_config_and_inputs_are_checked(run_config, override):
    script = f"""if True:
        import sys
        from pipeline.cli import main
        code = main()
        print(*sorted({set(HEAVY)} & set(sys.modules)))
        sys.exit(code)
    """
    ended = start("run", run_config, "--set", override, script=script)
    assert (ended.returncode, ended.stdout) == (1, "\n")


@pytest.mark.parametrize(("blessed", "code"), [(True, 0), (False, 2)])
def test_the_exit_code_is_the_verdict(run_config, blessed, code):
    ended = stage(run_config, blessed=blessed)
    assert ended.returncode == code
    assert ended.stderr == "✓ Trainer                     1.5 s\n"
    assert ("pushed as /serving/1" if blessed else "not blessed, not pushed") in ended.stdout
    assert "a line of TFX" in (run_config.parent / "run" / "run.log").read_text()


def test_a_component_that_breaks_is_named_and_the_story_is_in_the_log(run_config):
    ended = stage(run_config, body="{}['key']")
    log = run_config.parent / "run" / "run.log"
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == f"segpipe: Trainer failed: KeyError: 'key'; the whole story is in {log}\n"
    assert "Traceback (most recent call last)" in log.read_text()
    assert "in run_locally" in log.read_text()


def test_verbose_shows_logs_and_traceback_too(run_config):
    ended = stage(run_config, "--verbose", body="{}['key']")
    assert ended.returncode == 1
    assert "a line of TFX" in ended.stderr
    assert ended.stderr.count("Traceback (most recent call last)") == 1
    assert ended.stderr.splitlines()[-1].startswith("segpipe: Trainer failed: KeyError: 'key'; ")
    assert "Traceback (most recent call last)" in (run_config.parent / "run" / "run.log").read_text()


def test_what_breaks_while_tfx_is_loaded_is_told_the_same_way(run_config):
    script = "import sys; from pipeline.cli import main; sys.modules['pipeline.local_runner'] = None; sys.exit(main())"
    ended = start("run", run_config, script=script)
    assert ended.returncode == 1
    assert ended.stderr.startswith("segpipe: loading TFX failed: ModuleNotFoundError: import of pipeline.local_runner")


def test_a_users_mistake_inside_a_component_is_told_as_it_is_and_logged(run_config):
    ended = stage(run_config, body="raise UserError('lower training.learning_rate')")
    assert (ended.returncode, ended.stderr) == (1, "segpipe: lower training.learning_rate\n")
    assert "UserError: lower training.learning_rate" in (run_config.parent / "run" / "run.log").read_text()


def test_an_interruption_ends_with_130(run_config):
    ended = stage(run_config, body="raise KeyboardInterrupt")
    assert (ended.returncode, ended.stderr) == (130, "segpipe: interrupted\n")


def test_a_run_dir_in_use_is_refused_before_its_log_is_touched(run_config):
    log = run_config.parent / "run" / "run.log"
    log.parent.mkdir()
    log.write_text("of the run at work\n")
    with lock_run(log.parent):
        ended = stage(run_config)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"segpipe: run_dir: another run is at work in {log.parent}; ")
    assert log.read_text() == "of the run at work\n"


def test_a_run_dir_that_cannot_be_written(run_config):
    ended = stage(run_config, "--set", f"run_dir={run_config}")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"segpipe: run_dir: cannot write to {run_config}: File exists; choose another folder\n"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("too small"), "ValueError: too small"),
        (ValueError(), "ValueError"),
        (RuntimeError("Traceback:\n  File x\nOSError: disk full [while running 'Write']\n"),
         "RuntimeError: OSError: disk full [while running 'Write']"),
        (RuntimeError("Graph execution error:\n\nDetected at node X\nOOM when allocating\n\t [[{{node X}}]] [Op:f]"),
         "RuntimeError: OOM when allocating"),
    ],
)  # fmt: skip
def test_an_error_in_one_line(error, sentence):
    assert _sentence(error) == sentence


def test_user_errors_of_other_commands(monkeypatch, capsys):
    def refuse(_):
        raise UserError("no such dataset")

    monkeypatch.setattr("datasets.add_arguments._write_shapes", refuse)
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL")
    assert main(["shapes", "--out", "x"]) == 1
    assert capsys.readouterr().err == "segpipe: no such dataset\n"
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"  # on the terminal TensorFlow is quiet


def test_the_log_of_a_run_has_what_tensorflow_says_too(run_config, monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL")
    stage(run_config, body="import os; logging.info('level %s', os.environ.get('TF_CPP_MIN_LOG_LEVEL'))")
    assert "level None" in (run_config.parent / "run" / "run.log").read_text()
