import pytest

from components.segmentation_example_gen.refuse import refuse
from schema.user_error import UserError


def summary(good: int, bad: int, **reasons: int) -> dict:
    examples = [["train-0", at, f"{at}.jpg: odd"] for at in range(min(bad, 10))]
    return {"good": good, "bad": bad, "reasons": reasons or {"odd": bad}, "examples": examples}


def refused(allowed: float, **splits: dict) -> str:
    with pytest.raises(UserError) as error:
        refuse({"splits": splits}, "/data", allowed)
    return str(error.value)


@pytest.mark.parametrize(("bad", "allowed"), [(0, 0.0), (0, 1.0), (1, 0.25), (1, 0.3), (3, 0.75), (3, 1.0)])
def test_up_to_the_allowed_share_the_run_goes_on(bad, allowed):
    refuse({"splits": {"train": summary(4 - bad, bad), "eval": summary(5, 0)}}, "/data", allowed)


@pytest.mark.parametrize(("bad", "allowed"), [(1, 0.0), (1, 0.24), (2, 0.25), (4, 0.99)])
def test_beyond_it_does_not(bad, allowed):
    lines = refused(allowed, train=summary(4 - bad, bad), eval=summary(1000, 0)).split("\n")
    assert lines == [
        f"{bad} of 4 records of split train are bad, data.max_bad_fraction allows {allowed:g} of them:",
        *(f"  /data/train-0, record {at}: {at}.jpg: odd" for at in range(bad)),
        "mend these records or take them out; to have a run set bad records aside and go on, give "
        f"data.max_bad_fraction the share that may be bad (here {bad / 4:.2g})",
    ]


def test_ten_are_shown_and_all_are_counted():
    first, *lines, last, _ = refused(0, train=summary(0, 12, wrong=11, odd=1)).split("\n")
    assert first.startswith("12 of 12 records of split train are bad")
    assert [line.rpartition(": ")[0] for line in lines] == [f"  /data/train-0, record {i}: {i}.jpg" for i in range(10)]
    assert last == "  and 2 more; of all: 1 × odd, 11 × wrong"


def test_no_good_record_is_none_too_few():
    assert refused(1, train=summary(3, 0), eval=summary(0, 1)) == (
        "split eval has no good record left:\n  /data/train-0, record 0: 0.jpg: odd"
    )


def test_an_empty_split():
    assert refused(1, train=summary(3, 0), eval=summary(0, 0)) == (
        "split eval is empty: its files in /data hold no record; write them again"
    )
