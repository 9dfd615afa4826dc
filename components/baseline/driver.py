"""Makes what serves now a part of the baseline's cache key."""

from __future__ import annotations

from tfx.dsl.components.base import base_driver
from tfx.orchestration import metadata
from tfx.orchestration.portable import base_driver as portable_driver
from tfx.orchestration.portable import data_types
from tfx.proto.orchestration import driver_output_pb2
from tfx.utils import path_utils

from components.baseline.find_pushed import find_pushed
from components.baseline.properties import MODEL, PUSH_DESTINATION, SERVING_NOW


class Driver(base_driver.BaseDriver, portable_driver.BaseDriver):
    """Notes the version that serves now as an execution property, before the cache is asked.

    A candidate that was measured once is so measured again when another model has been pushed since; its own push
    changes nothing. Orchestrators without drivers must not cache the component.
    """

    # Both bases, as in TFX's own drivers: components are declared with one, run by the other.
    def __init__(self, metadata_handle: metadata.Metadata) -> None:
        base_driver.BaseDriver.__init__(self, metadata_handle)
        portable_driver.BaseDriver.__init__(self, metadata_handle)

    def run(self, execution_info: data_types.ExecutionInfo) -> driver_output_pb2.DriverOutput:
        (model,) = execution_info.input_dict[MODEL]
        candidate = path_utils.serving_model_path(model.uri, path_utils.is_old_model_artifact(model))
        pushed = find_pushed(execution_info.exec_properties[PUSH_DESTINATION], other_than=candidate)
        output = driver_output_pb2.DriverOutput()
        output.exec_properties[SERVING_NOW].string_value = pushed or "nothing"
        return output
