"""Reads the TFDV schema of a run."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from schema.user_error import UserError

_DEPRECATED = schema_pb2.LifecycleStage.DEPRECATED


def read_schema(path: Path | None) -> str:
    """The text of a schema file, as it is written.

    Args:
        path: `data.schema` of a configuration; None is the one that comes with segpipe.

    Raises:
        UserError: the file cannot be read, is no schema, or lacks what every pipeline needs: the features of our own
            schema, of the same types.
    """
    own = files("schema").joinpath("schema.pbtxt").read_text(encoding="utf-8")
    if path is None:
        return own
    try:
        text = path.read_text(encoding="utf-8")
        schema = text_format.Parse(text, schema_pb2.Schema())
    except FileNotFoundError as error:
        raise UserError(
            f"data.schema: no file {path}; write one with segpipe schema update, or leave it out"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"data.schema: cannot read {path}: {getattr(error, 'strerror', error)}") from error
    except text_format.ParseError as error:
        raise UserError(f"data.schema: {path} is no TFDV schema in text form: line {error}") from error
    faults = "; ".join(schema_faults(schema))
    if faults:
        raise UserError(f"data.schema: {path}: {faults}; the pipeline needs all features of segpipe's own schema.pbtxt")
    return text


def schema_faults(schema: schema_pb2.Schema) -> Iterator[str]:
    """What the pipeline needs and a schema has not."""
    own = text_format.Parse(files("schema").joinpath("schema.pbtxt").read_text(encoding="utf-8"), schema_pb2.Schema())
    given = {feature.name: feature for feature in schema.feature}
    for feature in own.feature:
        if feature.name not in given or given[feature.name].lifecycle_stage == _DEPRECATED:
            yield f"lacks feature {feature.name}"
        elif given[feature.name].type != feature.type:
            kinds = (schema_pb2.FeatureType.Name(each.type) for each in (given[feature.name], feature))
            yield "feature {} is of type {}, expected {}".format(feature.name, *kinds)
        elif feature.HasField("shape") and not given[feature.name].HasField("shape"):
            yield f"feature {feature.name} lacks shape {{}}"
