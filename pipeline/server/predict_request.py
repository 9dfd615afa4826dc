"""The JSON of TensorFlow Serving's REST API (`:predict`), of which this server speaks what concerns images."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from pipeline.server.bad_request import BadRequestError
from schema.signatures import IMAGE_INPUT, IMAGE_SIGNATURE, MASK_OUTPUT, REST_OUTPUT, REST_SIGNATURE

_OUTPUTS = {IMAGE_SIGNATURE: MASK_OUTPUT, REST_SIGNATURE: REST_OUTPUT}
_KEYS = {"instances", "inputs", "signature_name"}


class PredictRequest(NamedTuple):
    """Args:
    images: the encoded ones.
    rows: whether they came as `instances`, an object each, or as `inputs`, a list each.
    """

    images: list[bytes]
    rows: bool

    def response(self, masks: Sequence[bytes]) -> bytes:
        """The answer's JSON. Signatures with one output give its values without its name."""
        values = [{"b64": base64.b64encode(mask).decode()} for mask in masks]
        return json.dumps({"predictions" if self.rows else "outputs": values}).encode()


def parse_predict_request(body: bytes) -> PredictRequest:
    """Reads `{"instances": [{"b64": ...}, ...]}`, also with `{"image_bytes": {"b64": ...}}` for an instance, or
    `{"inputs": [{"b64": ...}, ...]}`, also with `{"image_bytes": [...]}`.

    `signature_name` may be that of either signature that takes images and gives masks; both answer alike.

    Raises:
        BadRequestError: it is something else.
    """
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"expected JSON: {error}") from error
    if not isinstance(request, dict) or len({"instances", "inputs"} & request.keys()) != 1:
        raise BadRequestError('expected a JSON object with either "instances" or "inputs"')
    if unknown := sorted(request.keys() - _KEYS):
        raise BadRequestError(f"unknown key {json.dumps(unknown[0][:40])}; expected {', '.join(sorted(_KEYS))}")
    signature = request.get("signature_name", IMAGE_SIGNATURE)
    if not isinstance(signature, str) or signature not in _OUTPUTS:
        raise BadRequestError(f"signature_name should be one of {', '.join(_OUTPUTS)}")
    rows = "instances" in request
    values = request["instances"] if rows else request["inputs"]
    if not rows and isinstance(values, dict):
        values = _only(values)
    if not isinstance(values, list) or not values:
        raise BadRequestError('expected a list of images, each as {"b64": "..."}')
    return PredictRequest([_decode(_only(value) if rows else value) for value in values], rows)


def _only(value: Any) -> Any:
    """The image of an object that names its input."""
    if isinstance(value, dict) and "b64" not in value:
        if value.keys() != {IMAGE_INPUT}:
            raise BadRequestError(f'expected the input "{IMAGE_INPUT}" and no other')
        return value[IMAGE_INPUT]
    return value


def _decode(value: Any) -> bytes:
    if not isinstance(value, dict) or value.keys() != {"b64"} or not isinstance(value["b64"], str):
        raise BadRequestError('expected each image as {"b64": "..."}')
    try:
        return base64.b64decode(value["b64"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequestError(f"an image is not base64: {error}") from error
