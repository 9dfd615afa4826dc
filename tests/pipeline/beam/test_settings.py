from __future__ import annotations

import pytest

from pipeline.beam.settings import BeamSettings
from pipeline.config import load_config
from schema.user_error import UserError


def refusal(run_config, *overrides: str) -> str:
    with pytest.raises(UserError) as caught:
        load_config(run_config, overrides)
    (line,) = str(caught.value).splitlines()[1:]
    return line.strip()


def test_by_default_all_is_done_here():
    settings = BeamSettings()
    assert (settings.runner, settings.options, settings.timeout) == ("direct", {}, 120)
    assert settings.of("Transform") is settings


def test_a_component_may_be_done_elsewhere(run_config):
    section = "{Transform: {runner: portable, options: {job_endpoint: 'a:1', environment_type: LOOPBACK}}}"
    settings = load_config(run_config, [f"beam.components={section}"]).beam
    assert settings.of("Transform").runner == "portable"
    assert settings.of("Evaluator").runner == "direct"


def test_options_keep_their_kinds(run_config):
    text = "{experiments: [a, b], parallelism: 4, no_use_public_ips: true, rate: 0.5, labels: ''}"
    assert load_config(run_config, [f"beam.options={text}"]).beam.options == {
        "experiments": ("a", "b"),
        "parallelism": 4,
        "no_use_public_ips": True,
        "rate": 0.5,
        "labels": "",
    }


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("beam.runner=flnk", "beam.runner: input should be 'direct', 'portable', 'flink', 'spark' or 'dataflow'"),
        ("beam.runner=portable", "beam: runner portable needs options job_endpoint, environment_type, got "),
        ("beam.components.Transform.runner=flink", "beam.components.Transform: runner flink needs options job_endp"),
        ("beam.components.Trainer.runner=flink", "beam.components.Trainer: unknown key; "),
        ("beam.options={--parallelism: 4}", "beam.options: '--parallelism' is no option's name: write it as Beam does"),
        ("beam.options={flink-master: x}", "beam.options: 'flink-master' is no option's name: write it as Beam does"),
        ("beam.options={4: x}", "beam.options: 4 is no option's name: write it as Beam does, without -- and with _"),
        ("beam.options={runner: x}", "beam.options: runner is a key of its own, beside options, got "),
        ("beam.options={a: {b: c}}", "beam.options: a should be text, a number, true, false or a list of texts (JSON "),
        ("beam.options={a: null}", "beam.options: a should be text, a number, true, false or a list of texts (JSON "),
        ("beam.options={a: [1]}", "beam.options: a should be text, a number, true, false or a list of texts (JSON "),
        ("beam.options=[a]", "beam.options: input should be a valid dictionary, got ['a']"),
        ("beam.timeout=0", "beam.timeout: input should be greater than or equal to 1, got 0"),
    ],
)
def test_each_mistake_is_told_once_and_by_name(run_config, override, line):
    told = refusal(run_config, override)
    assert told.startswith(line) and told.endswith(f"(--set {override})")
