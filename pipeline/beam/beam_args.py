"""Beam's pipeline options as a command line."""

from __future__ import annotations

from pipeline.beam.settings import BeamSettings, Option

_RUNNERS = {
    # Named, because Beam's default first tries to download another runner.
    "direct": "apache_beam.runners.portability.fn_api_runner.FnApiRunner",
    "portable": "PortableRunner",
    "flink": "FlinkRunner",
    "spark": "SparkRunner",
    "dataflow": "DataflowRunner",
}
_DEFAULTS: dict[str, dict[str, Option]] = {"direct": {"direct_running_mode": "in_memory"}}


def beam_args(settings: BeamSettings, component: str) -> list[str]:
    """The options of one component, as in `["--runner=FlinkRunner", "--parallelism=4"]`."""
    chosen = getattr(settings.components, component) or settings
    options = {**_DEFAULTS.get(chosen.runner, {}), **chosen.options}
    return [
        f"--runner={_RUNNERS[chosen.runner]}",
        *(arg for name, value in options.items() for arg in _arg(name, value)),
    ]


def _arg(name: str, value: Option) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}"] if value else []
    if isinstance(value, tuple):
        return [f"--{name}={item}" for item in value]
    return [f"--{name}={value}"]
