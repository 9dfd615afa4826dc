"""Brings the curated schema into the pipeline."""

from tfx.dsl.component.experimental.annotations import OutputArtifact, Parameter
from tfx.dsl.component.experimental.decorators import component
from tfx.dsl.io import fileio
from tfx.types import standard_artifacts


@component
def CuratedSchema(  # noqa: N802
    schema: OutputArtifact[standard_artifacts.Schema],
    text: Parameter[str],
):
    """Writes the schema down as an artifact.

    ImportSchemaGen takes a path, and answers from the cache when the file behind it has changed; here the text itself
    is the input.
    """
    with fileio.open(f"{schema.uri}/schema.pbtxt", "w") as file:
        file.write(text)
