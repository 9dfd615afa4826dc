from __future__ import annotations

import pytest
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, PortableOptions, WorkerOptions

from pipeline.beam.beam_args import beam_args
from pipeline.beam.settings import BeamSettings

CLUSTER = {"job_endpoint": "beam:8099", "environment_type": "EXTERNAL", "environment_config": "localhost:50000"}


def test_this_machine():
    args = beam_args(BeamSettings(), "Transform")
    assert args[0] == "--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner"
    assert PipelineOptions(args).view_as(DirectOptions).direct_running_mode == "in_memory"


def test_beam_reads_them_as_they_were_meant():
    settings = BeamSettings.model_validate({"runner": "portable", "options": {**CLUSTER, "sdk_worker_parallelism": 2}})
    portable = PipelineOptions(beam_args(settings, "Transform")).view_as(PortableOptions)
    assert (portable.job_endpoint, portable.environment_type) == ("beam:8099", "EXTERNAL")
    assert (portable.environment_config, portable.sdk_worker_parallelism) == ("localhost:50000", "2")


@pytest.mark.parametrize(
    ("runner", "name"), [("portable", "PortableRunner"), ("flink", "FlinkRunner"), ("spark", "SparkRunner")]
)
def test_names_of_runners(runner, name):
    args = beam_args(BeamSettings.model_validate({"runner": runner, "options": CLUSTER}), "Evaluator")
    assert args[0] == f"--runner={name}"


def test_kinds_of_values():
    options = {"experiments": ["a=1", "b"], "off": False, "on": True, "parallelism": 4}
    args = beam_args(BeamSettings.model_validate({"options": options}), "Transform")
    assert args[-4:] == ["--experiments=a=1", "--experiments=b", "--on", "--parallelism=4"]


def test_a_component_takes_nothing_from_the_others():
    settings = BeamSettings.model_validate(
        {"runner": "flink", "options": {**CLUSTER, "parallelism": 4}, "components": {"Evaluator": {}}}
    )
    assert beam_args(settings, "Evaluator") == beam_args(BeamSettings(), "Evaluator")
    assert "--parallelism=4" in beam_args(settings, "Transform")


def test_what_is_given_wins_over_what_is_ours():
    options = {**CLUSTER, "job_server_timeout": 5, "sdk_container_image": "mine"}
    args = beam_args(BeamSettings.model_validate({"runner": "portable", "options": options}), "Transform")
    assert PipelineOptions(args).view_as(PortableOptions).job_server_timeout == 5
    assert PipelineOptions(args).view_as(WorkerOptions).sdk_container_image == "mine"


@pytest.mark.parametrize("runner", ["direct", "portable", "flink", "spark"])
def test_tfx_does_not_package_itself(runner, monkeypatch):
    from tfx.utils import dependency_utils

    monkeypatch.setattr(dependency_utils, "build_ephemeral_package", lambda: pytest.fail("packaged"))
    options = {} if runner == "direct" else CLUSTER
    args = beam_args(BeamSettings.model_validate({"runner": runner, "options": options}), "Transform")
    assert dependency_utils.make_beam_dependency_flags(args) == args
