from benchmarks.measure_process import Cost
from benchmarks.per_image import per_image


def test_the_slope_leaves_out_what_starting_costs():
    costs = {200: Cost(wall=9.0, cpu=5.0, memory=7e8), 1200: Cost(wall=19.0, cpu=25.0, memory=7e8)}
    assert per_image(costs, "cpu") == 0.02
    assert per_image(costs, "wall") == 0.01
