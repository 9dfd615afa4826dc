"""Reads what TFX's BulkInferrer wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from schema.signatures import MASK_OUTPUT
from schema.user_error import UserError


class PredictionLog(NamedTuple):
    """Args:
    file: where it lies.
    position: in the file, from 0.
    example: the serialized tf.Example that was predicted.
    mask_png: its mask, a one-channel PNG of class indices.
    """

    file: Path
    position: int
    example: bytes
    mask_png: bytes


def read_prediction_logs(files: Sequence[Path]) -> Iterator[PredictionLog]:
    """Reads them one by one, in their order.

    Args:
        files: TFRecords of PredictionLogs, plain or gzipped.

    Raises:
        UserError: a file is broken, or has something else than examples and masks.
    """
    from google.protobuf.message import DecodeError
    from tensorflow_serving.apis import prediction_log_pb2

    from components.segmentation_example_gen.read_records import BadRecord, read_records

    for file in files:
        for record in read_records(str(file)):
            place = f"{file}#{record.position}"
            if isinstance(record, BadRecord):
                raise UserError(f"{place}: {record.reason}")
            try:
                log = prediction_log_pb2.PredictionLog.FromString(record.serialized).predict_log
            except DecodeError as error:
                raise UserError(f"{place}: expected a PredictionLog, as BulkInferrer writes them") from error
            examples = [value for tensor in log.request.inputs.values() for value in tensor.string_val]
            masks = log.response.outputs[MASK_OUTPUT].string_val
            if len(examples) != 1 or len(masks) != 1:
                raise UserError(f"{place}: expected a PredictionLog of one tf.Example and one {MASK_OUTPUT}")
            yield PredictionLog(file, record.position, examples[0], masks[0])
