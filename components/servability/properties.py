"""What the infra blessing holds."""

from types import MappingProxyType

# TFX's InfraValidator's: a custom property, 0 or 1, and files.
BLESSED = "blessed"
BLESSED_FILE, NOT_BLESSED_FILE = "INFRA_BLESSED", "INFRA_NOT_BLESSED"

SERVABILITY = "servability.json"  # what `check_servability` found
NOT_TRIED = MappingProxyType({"passed": True, "faults": [], "trials": 0, "latency_ms": None, "memory_mb": None})
