from benchmarks.measure_process import Cost
from benchmarks.whole_runs import whole_runs


def test_medians_and_their_ratio():
    repeats = [{"loop": {10: Cost(0, a, 0)}, "ours": {10: Cost(0, b, 0)}} for a, b in ((9, 7), (10, 8), (40, 90))]
    assert whole_runs("loop", "ours", repeats, 10) == (
        "10 images from start to end, CPU: loop 10.0 s, ours 8.0 s, 0.80 ×"
    )
