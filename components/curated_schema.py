"""Brings the curated schema into the pipeline."""

from tfx import v1 as tfx
from tfx.dsl.io import fileio


@tfx.dsl.components.component
def CuratedSchema(  # noqa: N802
    schema: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.Schema],
    text: tfx.dsl.components.Parameter[str],
):
    """Writes the schema down as an artifact.

    ImportSchemaGen takes a path, and answers from the cache when the file behind it has changed; here the text itself
    is the input.
    """
    with fileio.open(f"{schema.uri}/schema.pbtxt", "w") as file:
        file.write(text)
