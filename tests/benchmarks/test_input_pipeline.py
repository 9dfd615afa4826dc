"""The table's arithmetic, on costs that are known, and what is compared."""

from benchmarks.input_cases import CASES as PREPROCESSING
from benchmarks.input_pipeline import BOUND, CASES, CHAIN, OURS, WARP, row
from benchmarks.measure_process import Cost
from pipeline.config import load_config
from tests.conftest import ROOT


def _repeat(ours: float, chain: float) -> dict:
    """CPU milliseconds an image, behind 5 s of starting."""
    slopes = {BOUND: 2.0, OURS: ours, CHAIN: chain, WARP: 3.0}
    return {name: {n: Cost(0, 5 + n * slope / 1e3, 0) for n in (200, 1200)} for name, slope in slopes.items()}


def test_ratios_are_taken_within_a_repeat():
    repeats = [_repeat(4.0, 6.0), _repeat(5.0, 5.0), _repeat(10.0, 20.0)]
    assert row("voc", repeats) == (
        "| voc | 5.0 | 200 | 6.0 | 1.50 (1.00–2.00) | 3.0 | 0.60 (0.30–0.75) | 2.0 | 0.40 (0.20–0.50) |"
    )


def test_without_albumentations_its_columns_are_empty():
    alone = [{name: costs for name, costs in _repeat(4.0, 6.0).items() if name in (BOUND, OURS)}]
    assert row("voc", alone) == "| voc | 4.0 | 250 |  |  |  |  | 2.0 | 0.50 (0.50–0.50) |"


def test_the_plain_cases_are_those_of_our_configurations():
    assert set(CASES) == set(PREPROCESSING)
    for case, name in (("voc", "voc2012"), ("camvid", "camvid")):
        assert PREPROCESSING[case].preprocessing.augment == load_config(ROOT / "configs" / f"{name}.yaml").augment
