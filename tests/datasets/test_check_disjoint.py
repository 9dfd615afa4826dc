import pytest

from datasets.check_disjoint import check_disjoint
from datasets.sample import Sample
from schema.user_error import UserError


def samples(source, *names):
    return [Sample(name, source, lambda: None) for name in names]


def test_disjoint_splits_pass():
    check_disjoint({"train": samples("voc", "a", "b"), "val": samples("voc", "c"), "test": samples("voc", "d")})


def test_a_name_in_two_splits_is_refused_whatever_its_source():
    with pytest.raises(UserError, match=r"^2 images would be in both train and val, e\.g\. b; expected disjoint"):
        check_disjoint({"train": samples("sbd", "a", "b", "c"), "val": samples("voc", "c", "b")})
    with pytest.raises(UserError, match=r"^1 image would be in both val and test, e\.g\. c"):
        check_disjoint({"train": samples("x", "a"), "val": samples("x", "c"), "test": samples("x", "c")})
