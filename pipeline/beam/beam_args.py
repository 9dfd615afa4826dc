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
# Any word will do: Beam reads it on Dataflow alone. Where there is none, TFX makes a package of itself for the workers,
# five seconds a step, which lacks our code and which workers that have it must not install.
_NO_PACKAGE: dict[str, Option] = {"sdk_container_image": "unused"}
_MONTH = 30 * 24 * 3600  # Beam has a job service of its own kind break off a job after this time, not only requests
_DEFAULTS: dict[str, dict[str, Option]] = {
    "direct": {"direct_running_mode": "in_memory", **_NO_PACKAGE},
    "portable": {"job_server_timeout": _MONTH, **_NO_PACKAGE},
    "flink": _NO_PACKAGE,
    "spark": _NO_PACKAGE,
    "dataflow": {},
}


def beam_args(settings: BeamSettings, component: str) -> list[str]:
    """The options of one component, as in `["--runner=FlinkRunner", "--parallelism=4"]`."""
    chosen = settings.of(component)
    options = {**_DEFAULTS[chosen.runner], **chosen.options}
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
