from pathlib import Path

import pytest

from pipeline.prediction.find_images import ImageFile, RecordFile
from pipeline.prediction.work_folder import WorkFolder
from pipeline.prediction.write_outcome import Outcome
from schema.user_error import UserError
from tests.components.report.fake_model import encode
from tests.pipeline.prediction.records import record, write_records

IMAGE = encode([[0]])


def test_parts_have_every_source_once_in_order(tmp_path):
    """Some images at once, a TFRecord file by itself, with names that no part could find out alone."""
    folder = tmp_path / "work"
    folder.mkdir()
    images = [ImageFile(Path(f"dir/{index}\udcff.png"), f"{index}\udcff") for index in range(20)]
    one = write_records(tmp_path / "one.tfrecord", [record(IMAGE, name=b"a.jpg"), record(), record(IMAGE)])
    two = write_records(tmp_path / "two.tfrecord", [record(IMAGE, name=b"A.png")])
    work = WorkFolder(folder)
    sizes = work.hand_out([*images[:17], one, two, *images[17:]])
    assert sizes == [16, 1, 3, 1, 3]
    assert [source for part in range(5) for source in WorkFolder(folder).part(part)] == [
        *images[:17],
        RecordFile(one.path, ("a", "", "one-000002")),
        RecordFile(two.path, ("two-000000",)),
        *images[17:],
    ]


def test_what_is_handed_in_comes_out(tmp_path):
    work = WorkFolder(tmp_path)
    assert work.hand_out([ImageFile(Path("a.png"), "a"), ImageFile(Path("b.png"), "b")]) == [2]
    assert work.done() == set()
    outcomes = [Outcome("a.png", "no image", []), Outcome("b.png", None, ["b", "1", "2", "1.000000"])]
    work.hand_in(0, outcomes)
    work.hand_in(12, outcomes[:1], "b.mask.png: cannot write")
    assert work.done() == {0, 12}
    assert list(work.outcomes(0)) == outcomes
    ended = work.outcomes(12)
    assert next(ended) == outcomes[0]
    with pytest.raises(UserError, match=r"^b\.mask\.png: cannot write$"):
        next(ended)
