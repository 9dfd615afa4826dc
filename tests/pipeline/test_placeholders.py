import pytest

from pipeline.placeholders import placeholders


@pytest.mark.parametrize(
    ("pattern", "held"),
    [
        ("train-*", {}),
        ("span-{SPAN}/train-*", {"SPAN": None}),
        ("{SPAN:3}/v{VERSION:1}/*", {"SPAN": 3, "VERSION": 1}),
        ("{YYYY}-{MM}-{DD}/v{VERSION}/*", {"YYYY": None, "MM": None, "DD": None, "VERSION": None}),
    ],
)
def test_what_a_pattern_holds(pattern, held):
    assert placeholders(pattern) == held


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("{SPN}/*", "no placeholders but {SPAN}"),
        ("{MM:2}-{YYYY}-{DD}", "no placeholders but {SPAN}"),
        ("{}", "no placeholders but {SPAN}"),
        ("{SPAN:0}", r"a width of digits, 1 to 99, in {SPAN:0}"),
        ("{SPAN:x}", r"a width of digits, 1 to 99, in {SPAN:x}"),
        ("{SPAN:}", r"a width of digits, 1 to 99, in {SPAN:}"),
        ("{SPAN", "should hold { and } for"),
        ("{SPAN}}", "should hold { and } for"),
        ("{SPAN}/{SPAN:2}", "each placeholder once"),
        ("{YYYY}/{MM}", "all of {YYYY}, {MM} and {DD}, or none"),
        ("{YYYY}{MM}{DD}/{SPAN}", "{SPAN} or a date, not both"),
        ("v{VERSION}", "{SPAN} or a date beside {VERSION}"),
    ],
)
def test_what_does_not_go_together(pattern, fault):
    with pytest.raises(ValueError, match=fault):
        placeholders(pattern)
