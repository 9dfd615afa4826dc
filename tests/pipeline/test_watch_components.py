"""Against TFX itself: what it logs around a component is no contract of TFX's, so a new release may break it."""

import logging

import pytest

pytestmark = pytest.mark.slow  # for the half minute that importing TFX takes


@pytest.fixture
def run(tmp_path):
    from tfx import v1 as tfx

    from pipeline.watch_components import watch_components
    from tests.pipeline.two_components import First, Second

    connection = tfx.orchestration.metadata.sqlite_metadata_connection_config(str(tmp_path / "metadata.sqlite"))

    def run_pipeline(said: list, fails: int = 0) -> None:
        first = First()
        second = Second(model=first.outputs["model"], fails=fails)
        pipeline = tfx.dsl.Pipeline(
            pipeline_name="two",
            pipeline_root=str(tmp_path / "root"),
            components=[first, second],
            enable_cache=True,
            metadata_connection_config=connection,
        )
        with watch_components(connection, lambda *what: said.append(what)):
            tfx.orchestration.LocalDagRunner().run(pipeline)

    return run_pipeline


def states(said: list) -> list:
    return [(name, state) for name, state, _ in said]


def test_components_are_running_then_done_and_from_the_cache_the_second_time(run):
    said = []
    run(said)
    assert states(said) == [("First", "running"), ("First", "done"), ("Second", "running"), ("Second", "done")]
    assert all(0 <= seconds < 60 for *_, seconds in said)

    said = []
    run(said)
    assert states(said) == [("First", "running"), ("First", "cached"), ("Second", "running"), ("Second", "cached")]

    said = []
    with pytest.raises(ValueError, match="as it was told"):
        run(said, fails=1)
    assert states(said) == [("First", "running"), ("First", "cached"), ("Second", "running")]


def test_it_watches_only_while_it_is_asked_to(run):
    absl = logging.getLogger("absl")
    handlers, level = absl.handlers[:], absl.level
    with pytest.raises(ValueError, match="as it was told"):
        run([], fails=1)
    assert (absl.handlers, absl.level) == (handlers, level)
