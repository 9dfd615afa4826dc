"""A driver for components whose answer depends on more than their inputs."""

from __future__ import annotations

import abc

from tfx.dsl.components.base import base_driver
from tfx.orchestration import metadata
from tfx.orchestration.portable import base_driver as portable_driver
from tfx.orchestration.portable import data_types
from tfx.proto.orchestration import driver_output_pb2


class CacheKeyDriver(base_driver.BaseDriver, portable_driver.BaseDriver):
    """Notes what the answer depends on as execution properties, before the cache is asked.

    Orchestrators without drivers must not cache such a component.
    """

    # Both bases, as in TFX's own drivers: components are declared with one, run by the other.
    def __init__(self, metadata_handle: metadata.Metadata) -> None:
        base_driver.BaseDriver.__init__(self, metadata_handle)
        portable_driver.BaseDriver.__init__(self, metadata_handle)

    def run(self, execution_info: data_types.ExecutionInfo) -> driver_output_pb2.DriverOutput:
        output = driver_output_pb2.DriverOutput()
        for name, value in self.cache_key(execution_info).items():
            output.exec_properties[name].string_value = value
        return output

    @abc.abstractmethod
    def cache_key(self, execution_info: data_types.ExecutionInfo) -> dict[str, str]:
        """Execution properties by name; none may be empty, which TFX takes for missing."""
