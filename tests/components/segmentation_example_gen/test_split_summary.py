import copy
import json

import tensorflow as tf

from components.segmentation_example_gen.check_example import CheckedExample
from components.segmentation_example_gen.read_records import BadRecord
from components.segmentation_example_gen.split_summary import SplitSummary
from tests.components.segmentation_example_gen.records import example


def checked(name: str, height: int, source: str, *notes: str) -> CheckedExample:
    features = {
        "image/height": height,
        "image/width": 7,
        "void/fraction": [0.5],
        "image/source": source.encode(),
        "class/present": [0, 4],
    }
    return CheckedExample(name, tf.train.Example.FromString(example(features)), notes)


def summary_of(*records: CheckedExample | BadRecord) -> SplitSummary:
    summary = SplitSummary()
    for record in records:
        if isinstance(record, BadRecord):
            summary.set_aside(record)
        else:
            summary.add(record)
    return summary


RECORDS = [
    checked("a", 5, "voc", "turned"),
    BadRecord("f", 1, "a: odd in its way", "odd"),
    checked("b", 5, "voc"),
    checked("c", 3, "sbd", "turned", "mapped"),
    BadRecord("f", 4, "d: odd"),
    *(BadRecord("f", 5 + i, "odd of another kind", "odd") for i in range(12)),
    checked("e", 9, "voc"),
    checked("g", 9, "voc"),
]


def test_what_is_told():
    told = summary_of(*RECORDS).to_dict()
    assert json.loads(json.dumps(told)) == told
    assert (told["good"], told["bad"]) == (5, 14)
    assert told["reasons"] == {"odd": 13, "d: odd": 1}
    assert told["notes"] == {"turned": 2, "mapped": 1}
    assert told["examples"][:2] == [["f", 1, "a: odd in its way"], ["f", 4, "d: odd"]]
    assert len(told["examples"]) == 10
    assert told["features"] == {
        "image/height": {"min": [3, "c"], "max": [9, "e"]},
        "image/width": {"min": [7, "a"], "max": [7, "a"]},
        "void/fraction": {"min": [0.5, "a"], "max": [0.5, "a"]},
        "image/source": {"voc": [4, ["a", "b", "e"]], "sbd": [1, ["c"]]},
        "class/present": {"0": [5, ["a", "b", "c"]], "4": [5, ["a", "b", "c"]]},
    }


def test_parts_in_their_order_are_the_whole():
    for at in range(len(RECORDS) + 1):
        first, behind = summary_of(*RECORDS[:at]), summary_of(*RECORDS[at:])
        kept = copy.deepcopy(behind.to_dict())
        first.merge(behind)
        assert first.to_dict() == summary_of(*RECORDS).to_dict()
        assert behind.to_dict() == kept


def test_a_feature_of_very_many_values_is_cut_the_same_in_any_parts():
    records = [checked(str(i), 1, f"source {(i * 7919) % 1000:04d}") for i in range(1500)]
    whole = summary_of(*records).features["image/source"]
    assert sorted(whole) == [f"source {i:04d}" for i in range(100)]
    assert sum(count for count, _ in whole.values()) == sum((i * 7919) % 1000 < 100 for i in range(1500))
    first = summary_of(*records[:700])
    first.merge(summary_of(*records[700:]))
    assert first.features["image/source"] == whole
