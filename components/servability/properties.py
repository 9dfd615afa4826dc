"""What the infra blessing holds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# TFX's InfraValidator's: a custom property, 0 or 1, and files.
BLESSED = "blessed"
BLESSED_FILE, NOT_BLESSED_FILE = "INFRA_BLESSED", "INFRA_NOT_BLESSED"

SERVABILITY = "servability.json"  # what `check_servability` found
NOT_TRIED: Mapping[str, Any] = MappingProxyType(
    {"passed": True, "faults": [], "trials": 0, "latency_ms": None, "memory_mb": None}
)
