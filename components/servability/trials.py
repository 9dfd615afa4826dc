"""What an exported model is tried with: every signature, images of all kinds, and what is no image."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from PIL import Image

from components.servability.images import Case, images
from components.servability.restored_masks import restored_masks
from schema.record import IMAGE
from schema.signatures import (
    BOX_OUTPUT,
    BULK_SIGNATURE,
    EXAMPLE_INPUT,
    EXAMPLE_SIGNATURE,
    IMAGE_INPUT,
    IMAGE_SIGNATURE,
    MASK_OUTPUT,
    REST_OUTPUT,
    REST_SIGNATURE,
    SCORES_OUTPUT,
    SCORES_SIGNATURE,
)

_EXPECTED = {  # input, outputs with their dtypes and ranks
    IMAGE_SIGNATURE: (IMAGE_INPUT, {MASK_OUTPUT: (tf.string, 1)}),
    EXAMPLE_SIGNATURE: (EXAMPLE_INPUT, {MASK_OUTPUT: (tf.string, 1)}),
    REST_SIGNATURE: (IMAGE_INPUT, {REST_OUTPUT: (tf.string, 1)}),
    BULK_SIGNATURE: (EXAMPLE_INPUT, {MASK_OUTPUT: (tf.string, 2)}),
    SCORES_SIGNATURE: (IMAGE_INPUT, {SCORES_OUTPUT: (tf.float32, 4), BOX_OUTPUT: (tf.float32, 2)}),
}
_GARBAGE = {
    "no bytes at all": b"",
    "bytes that are no image": b"\x00\x01garbage" * 20,
    "a JPEG that breaks off": b"\xff\xd8\xff\xe0" + bytes(40),
    "a PNG of nothing but its first bytes": b"\x89PNG\r\n\x1a\n",
}


class Trial(NamedTuple):
    """Args:
    name: of what is tried.
    run: returns what is wrong, or None.
    """

    name: str
    run: Callable[[], str | None]


def trials(directory: str, model: Any, records: Sequence[bytes], num_classes: int) -> Iterator[Trial]:
    """In the order in which one relies on another.

    Args:
        directory: a SavedModel.
        model: the same, loaded.
        records: serialized tf.Examples, one or more.
        num_classes: C.
    """
    for name in _EXPECTED:
        yield Trial(f"the signature {name}", partial(_signature_fault, model, name))

    def serve(encoded: Sequence[bytes]) -> list[bytes]:
        return _call(model, IMAGE_SIGNATURE, encoded)[MASK_OUTPUT].tolist()

    cases = images()

    def single(case: Case) -> str | None:
        return _mask_fault(serve([case.encoded])[0], case.size, num_classes)

    for case in cases:
        yield Trial(case.name, partial(single, case))

    def mixed() -> str | None:
        few = cases[:-1]
        together = serve([case.encoded for case in few])
        differ = [case.name for case, mask in zip(few, together, strict=True) if mask != serve([case.encoded])[0]]
        return f"another mask than alone, of {', '.join(differ)}" if differ else None

    yield Trial("images of several sizes in one call", mixed)
    yield Trial("no images", lambda: None if serve([]) == [] else "masks of nothing")

    encoded = [tf.train.Example.FromString(record).features.feature[IMAGE].bytes_list.value[0] for record in records]

    def alike() -> str | None:
        masks = serve(encoded)
        if _call(model, EXAMPLE_SIGNATURE, records)[MASK_OUTPUT].tolist() != masks:
            return f"{EXAMPLE_SIGNATURE} gives other masks than {IMAGE_SIGNATURE}"
        if _call(model, REST_SIGNATURE, encoded)[REST_OUTPUT].tolist() != masks:
            return f"{REST_SIGNATURE} gives other masks than {IMAGE_SIGNATURE}"
        if _call(model, BULK_SIGNATURE, records)[MASK_OUTPUT].ravel().tolist() != masks:
            return f"{BULK_SIGNATURE} gives other masks than {IMAGE_SIGNATURE}"
        sizes = []
        for image in encoded:
            with Image.open(io.BytesIO(image)) as opened:
                sizes.append((opened.height, opened.width))
        faults = (_mask_fault(mask, size, num_classes) for mask, size in zip(masks, sizes, strict=True))
        return next((fault for fault in faults if fault), None)

    yield Trial(f"{len(records)} evaluated images by every signature", alike)

    def restored() -> str | None:
        few = encoded[:2]
        return None if restored_masks(directory, few) == serve(few) else "another mask than by tf.saved_model.load"

    yield Trial("loading as TensorFlow Serving does", restored)
    yield Trial(
        "scores that are probabilities", lambda: _scores_fault(_call(model, SCORES_SIGNATURE, encoded[:2]), num_classes)
    )

    before: list[bytes] = []

    def refused(garbage: bytes) -> str | None:
        if not before:
            before.extend(serve(encoded[:1]))
        try:
            serve([garbage])
        except tf.errors.InvalidArgumentError:
            return None if serve(encoded[:1]) == before else "another answer to an image after it"
        return "it was given a mask, where an error was due"

    for name, garbage in _GARBAGE.items():
        yield Trial(name, partial(refused, garbage))


def _call(model: Any, signature: str, values: Sequence[bytes]) -> dict[str, np.ndarray]:
    name, _ = _EXPECTED[signature]
    outputs = model.signatures[signature](**{name: tf.constant(list(values), tf.string)})
    return {key: value.numpy() for key, value in outputs.items()}


def _signature_fault(model: Any, name: str) -> str | None:
    if name not in model.signatures:
        return f"it is missing; there are {', '.join(sorted(model.signatures)) or 'none'}"
    given, expected = model.signatures[name], _EXPECTED[name]
    inputs = given.structured_input_signature[1]
    if inputs.keys() != {expected[0]} or inputs[expected[0]].dtype != tf.string:
        return f"it takes {_describe(inputs)}; expected {expected[0]} string"
    for key, (dtype, rank) in expected[1].items():
        output = given.structured_outputs.get(key)
        if output is None or output.dtype != dtype or output.shape.rank not in (rank, None):
            return f"it gives {_describe(given.structured_outputs)}; expected {key} {dtype.name} of rank {rank}"
    return None


def _describe(specs: Any) -> str:
    return ", ".join(f"{key} {spec.dtype.name} {spec.shape}" for key, spec in sorted(specs.items())) or "nothing"


def _mask_fault(mask_png: bytes, size: tuple[int, int], num_classes: int) -> str | None:
    try:
        with Image.open(io.BytesIO(mask_png)) as mask:
            mode, ids = mask.mode, np.asarray(mask)
    except (OSError, SyntaxError) as error:
        return f"the mask is no readable PNG: {error}"
    if mode != "L":
        return f"the mask is a PNG of mode {mode}; expected one channel of 8 bits"
    if ids.shape != size:
        return f"the mask is {ids.shape[1]}x{ids.shape[0]}, the image {size[1]}x{size[0]}"
    if ids.max() >= num_classes:
        return f"the mask has the id {ids.max()}; there are {num_classes} classes"
    return None


def _scores_fault(outputs: dict[str, np.ndarray], num_classes: int) -> str | None:
    scores, boxes = outputs[SCORES_OUTPUT], outputs[BOX_OUTPUT]
    if scores.shape[-1] != num_classes:
        return f"scores of {scores.shape[-1]} classes; there are {num_classes}"
    if not np.allclose(scores.sum(axis=-1), 1, atol=1e-3) or scores.min() < 0:
        return "scores that do not add up to 1"
    if boxes.min() < -1e-3 or boxes.max() > 1 + 1e-3:
        return "an image that lies outside of its scores"
    return None
