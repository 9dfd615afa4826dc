import pytest
from tfx.components.example_gen.input_processor import FileBasedInputProcessor
from tfx.proto import example_gen_pb2, range_config_pb2

from pipeline.resolve_spans import resolve_spans
from schema.user_error import UserError


@pytest.fixture
def folder(tmp_path):
    """A function that makes files in a folder, which it returns."""

    def make(*files: str):
        for file in files:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).touch()
        return tmp_path

    return make


def by_tfx(folder, patterns: dict[str, str], span: int | None) -> dict[str, str]:
    """What the driver of TFX's ExampleGens hands to the executor."""
    splits = [example_gen_pb2.Input.Split(name=key, pattern=pattern) for key, pattern in patterns.items()]
    static = span is not None and range_config_pb2.RangeConfig(
        static_range=range_config_pb2.StaticRange(start_span_number=span, end_span_number=span)
    )
    processor = FileBasedInputProcessor(str(folder), splits, static or None)
    found = processor.resolve_span_and_version()
    return {key: processor.get_pattern_for_span_version(pattern, *found) for key, pattern in patterns.items()}


FILES = (
    [f"span-{span}/train-{shard}" for span in (1, 2, 10) for shard in (0, 1)]
    + [f"span-{span}/val-0" for span in (1, 2, 10)]
    + ["5/v1/train-0", "5/v1/val-0", "5/v12/train-0", "5/v12/val-0", "4/v20/train-0", "4/v20/val-0"]
    + [f"d/2024-{day}/{split}-0" for day in ("02-29", "03-01", "02-28") for split in ("train", "val")]
    + [f"day20231231-{split}" for split in ("train", "val")]
    + [f"wide/{span}-train" for span in ("007", "012")]
    + [f"wide/{span}-val" for span in ("007", "012")]
)


@pytest.mark.parametrize(
    ("pattern", "span", "resolved"),
    [
        ("span-1/{}-*", None, "span-1/{}-*"),
        ("span-[SPAN]/{}-*", None, "span-10/{}-*"),
        ("span-[SPAN]/{}-?", 2, "span-2/{}-?"),
        ("[SPAN]/v[VERSION]/{}-*", None, "5/v12/{}-*"),
        ("[SPAN]/v[VERSION]/{}-*", 4, "4/v20/{}-*"),
        ("d/[YYYY]-[MM]-[DD]/{}-*", None, "d/2024-03-01/{}-*"),
        ("d/[YYYY]-[MM]-[DD]/{}-*", 19782, "d/2024-02-29/{}-*"),  # 54 years, 13 leap days, 59 days: 54 * 365 + 72
        ("day[YYYY][MM][DD]-{}", None, "day20231231-{}"),
        ("wide/[SPAN:3]-{}", None, "wide/012-{}"),
        ("wide/[SPAN:3]-{}", 7, "wide/007-{}"),
    ],
)
def test_the_newest_or_the_one_asked_for(folder, pattern, span, resolved):
    data = folder(*FILES)
    patterns = {
        key: pattern.format(split).replace("[", "{").replace("]", "}")
        for key, split in (("train", "train"), ("eval", "val"))
    }
    expected = {"train": resolved.format("train"), "eval": resolved.format("val")}
    assert resolve_spans(data, patterns, span) == expected
    assert by_tfx(data, patterns, span) == expected


def refusal(folder, span: int | None = None, train: str = "{SPAN}/train-*", evaluation: str = "{SPAN}/val-*") -> str:
    with pytest.raises(UserError) as error:
        resolve_spans(folder, {"train": train, "eval": evaluation}, span)
    return str(error.value)


def test_a_missing_span_is_named_with_those_that_are_there(folder):
    data = folder("1/train-0", "2/train-0", "1/val-0")
    assert refusal(data, 7) == (
        f"data.train: no file of span 7 in {data} matches {{SPAN}}/train-*; spans that are there: 1, 2"
    )
    assert refusal(data, train="{SPAN}/no").endswith(
        "no file in " + f"{data} matches {{SPAN}}/no; spans that are there: none"
    )
    assert "data.eval: no file of span 2" in refusal(data, 2)


def test_splits_of_different_spans(folder):
    data = folder("1/train-0", "2/train-0", "1/val-0")
    assert refusal(data) == (
        "data.eval: the newest files are of span 1, those of data.train of span 2; bring what is missing, or take a "
        "span that both have with data.span"
    )
    days = folder("d/2024-03-01/v2/train", "d/2024-03-01/v1/val")
    pattern = "d/{YYYY}-{MM}-{DD}/v{VERSION}/"
    assert "are of span 19783 (2024-03-01), version 1" in refusal(days, None, f"{pattern}train", f"{pattern}val")


def test_placeholders_of_one_split_alone(folder):
    assert refusal(folder("1/train-0"), evaluation="val-*") == (
        "data: {SPAN}/train-* and val-* should hold the same placeholders"
    )


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("old/train-0", "{SPAN}/train-*"),
        ("2024-02-30", "{YYYY}-{MM}-{DD}"),
        ("train-12.gz", "train-{SPAN}*"),  # a placeholder takes as much as it can: "12.gz"
    ],
)
def test_what_is_no_number_is_named(folder, file, pattern):
    data = folder(file)
    with pytest.raises(ValueError, match=r"span|date"):  # not from us
        by_tfx(data, {"train": pattern}, None)
    assert refusal(data, None, pattern, pattern) == (
        f"data.train: {data}/{file} has no number or date where {pattern} asks for one; rename it, take it out, or "
        "narrow the pattern"
    )
