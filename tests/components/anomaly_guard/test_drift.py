"""Data that comes after other data, through the component and its driver."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timezone
from pathlib import Path

import pytest

from schema.user_error import UserError
from tests.components.anomaly_guard.guarded import Guarded
from tests.components.anomaly_guard.statistics import image


def cars(percent: int) -> list[dict]:
    """400 images, of which so many have a car. Shares of two such sets may be 50 + 10.6 points apart."""
    return [image(classes=(0, 1) if index < 4 * percent else (0,)) for index in range(400)]


@pytest.fixture
def guarded(tmp_path) -> Guarded:
    return Guarded(tmp_path)


def entries(guarded: Guarded) -> list[str]:
    return sorted(path.name for path in guarded.kept.iterdir())


def test_data_is_compared_with_the_newest_that_passed(guarded):
    for percent in (100, 45, 0):  # from the first to the last would be too far
        guarded.look(cars(percent), cars(percent))
    kept = entries(guarded)
    assert len(kept) == 3

    with pytest.raises(UserError) as caught:
        guarded.look(cars(70), cars(70))
    time = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:")
    _, line, advice = str(caught.value).split("\n")
    assert re.fullmatch(
        r"  train has drifted in class/present: L-infinity distance 0\.70, allowed 0\.61: class 1 \(car\) is in "
        rf"70 % of train, 0 % of train of {time}\d\d UTC",
        line,
    )
    assert advice.endswith(f"; or, if it was meant to become other data, remove {guarded.kept}/{kept[-1]}")
    assert entries(guarded) == kept, "what did not pass is not kept"

    Path(advice.rpartition(" ")[2]).unlink()
    guarded.look(cars(70), cars(70))  # 25 points from the second
    assert entries(guarded)[:2] == kept[:2] and len(entries(guarded)) == 3


def test_the_same_data_again_is_neither_compared_with_itself_nor_kept_twice(guarded):
    guarded.look(cars(100), cars(100))
    guarded.look(cars(60), cars(60))
    first, second = entries(guarded)
    guarded.look(list(reversed(cars(100))), cars(100))
    assert len(entries(guarded)) == 2
    assert entries(guarded)[0] == second, "the data that passed last is the newest"
    assert entries(guarded)[1].partition("-")[2] == first.partition("-")[2]


def test_other_data_that_passed_changes_what_the_cache_is_asked(guarded):
    assert guarded.compared_with(cars(100)) == "nothing"
    guarded.look(cars(100), cars(100))
    assert guarded.compared_with(cars(100)) == "nothing", "its own passing is no change"
    guarded.look(cars(60), cars(60))
    first, second = entries(guarded)
    assert guarded.compared_with(cars(100)) == second
    assert guarded.compared_with(cars(60)) == first
    (guarded.kept / second).unlink()
    assert guarded.compared_with(cars(100)) == "nothing"


def test_a_bad_split_keeps_nothing(guarded):
    with pytest.raises(UserError, match="expected 1 to 4, saw 5"):
        guarded.look(cars(100), [image(image_channels=5)])
    assert not guarded.kept.exists()


def test_without_a_folder_the_log_says_what_is_not_done(tmp_path, said):
    guarded = Guarded(tmp_path, kept=False)
    guarded.look(cars(100), cars(100))
    guarded.look(cars(0), cars(0))
    assert said(logging.INFO) == ["drift is not looked for: there is no folder of earlier statistics"] * 2
    assert guarded.compared_with(cars(100)) == "nothing"


@pytest.mark.parametrize("content", [b"", b"no statistics"])
def test_a_broken_entry_is_named(guarded, content):
    guarded.look(cars(100), cars(100))
    (name,) = entries(guarded)
    (guarded.kept / name).write_bytes(content)
    with pytest.raises(UserError, match=f"{guarded.kept}/{name} holds no statistics of earlier data; remove it"):
        guarded.look(cars(60), cars(60))


def test_other_files_in_the_folder_are_passed_over(guarded):
    guarded.kept.mkdir()
    (guarded.kept / "notes.txt").write_text("mine")
    (guarded.kept / ".0123.unfinished").write_bytes(b"half")
    guarded.look(cars(100), cars(100))
    assert guarded.compared_with(cars(100)) == "nothing"
    assert len(entries(guarded)) == 3
