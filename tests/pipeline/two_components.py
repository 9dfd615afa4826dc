"""The components that test_watch_components watches; in a file of their own, for TFX takes half a minute to import."""

from tfx import v1 as tfx


@tfx.dsl.components.component
def First(model: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.Model]):  # noqa: N802
    """Makes something."""
    with tfx.dsl.io.fileio.open(f"{model.uri}/made", "w") as file:
        file.write("it")


@tfx.dsl.components.component
def Second(  # noqa: N802
    model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    fails: tfx.dsl.components.Parameter[int],
):
    """Takes it, or fails."""
    if fails:
        raise ValueError("as it was told")
