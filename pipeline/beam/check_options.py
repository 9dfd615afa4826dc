"""What can be said of a Beam runner's options without importing Beam."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# By runner, what it cannot do without; of names in one tuple any will do.
_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "direct": (),
    "portable": (("job_endpoint",), ("environment_type",)),
    "flink": (("job_endpoint", "flink_master"), ("environment_type",)),
    "spark": (("job_endpoint", "spark_master_url", "spark_rest_url"), ("environment_type",)),
    # Without the pipeline image its workers have none of our code.
    "dataflow": (("project",), ("region",), ("temp_location",), ("sdk_container_image",)),
}
_OF_CLUSTERS = {"job_endpoint", "flink_master", "spark_master_url", "environment_type", "environment_config"}
_ENVIRONMENTS = {
    "DOCKER": "the pipeline image",
    "PROCESS": 'JSON such as {"command": "/opt/apache/beam/boot"}',
    "EXTERNAL": "the worker pool's host:port, as the runner's machines see it",
    "LOOPBACK": "",
}


def check_options(runner: str, options: Mapping[str, Any]) -> None:
    """Refuses what cannot come to a good end.

    Args:
        runner: one of `direct`, `portable`, `flink`, `spark` and `dataflow`.
        options: Beam's pipeline options by name.

    Raises:
        ValueError: an option is missing or has an impossible value, or is of another runner.
    """
    missing = [names for names in _NEEDS[runner] if not any(options.get(name) for name in names)]
    if missing:
        raise ValueError(f"runner {runner} needs options {', '.join(' or '.join(names) for names in missing)}")
    if runner == "direct":
        foreign = sorted(_OF_CLUSTERS & set(options))
        if foreign:
            raise ValueError(f"runner direct has no {', '.join(foreign)}: name the runner that is meant")
    elif runner != "dataflow":
        _check_endpoint("job_endpoint", options.get("job_endpoint") or "embed")
        _check_environment(options)


def _check_environment(options: Mapping[str, Any]) -> None:
    kind = str(options["environment_type"])
    if kind not in _ENVIRONMENTS and not kind.startswith("beam:env:"):
        raise ValueError(f"environment_type should be one of {', '.join(_ENVIRONMENTS)}, not {kind}")
    config = options.get("environment_config")
    apart = options.get("environment_options") or options.get("environment_option")
    if _ENVIRONMENTS.get(kind) and not config and not apart:
        raise ValueError(f"environment_type {kind} needs environment_config: {_ENVIRONMENTS[kind]}")
    if kind == "EXTERNAL" and config and not _is_json_object(config):
        _check_endpoint("environment_config", config)


def _check_endpoint(name: str, value: Any) -> None:
    found = re.fullmatch(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):(\d+)", str(value))
    if value != "embed" and not (found and 0 < int(found[1]) < 2**16):
        raise ValueError(f"{name} should be host:port, not {value}")


def _is_json_object(value: Any) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except (TypeError, ValueError):
        return False
