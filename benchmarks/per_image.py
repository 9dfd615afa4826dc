"""What an image costs, without what a process needs to start."""

from collections.abc import Mapping

from benchmarks.measure_process import Cost


def per_image(costs: Mapping[int, Cost], kind: str) -> float:
    """The slope between the least and the greatest number of images.

    Args:
        costs: by the number of images.
        kind: of cost, such as `cpu`.
    """
    few, many = min(costs), max(costs)
    return (getattr(costs[many], kind) - getattr(costs[few], kind)) / (many - few)
