"""What two processes took from start to end."""

import statistics

from benchmarks.cost_table import Repeat


def whole_runs(reference: str, name: str, repeats: list[Repeat], number: int, what: str = "images") -> str:
    """A sentence: medians of the CPU time of both, and their ratio.

    Args:
        reference: whose time is 1.
        name: who is compared with it.
        repeats: what each name cost.
        number: of images.
        what: they are called.
    """
    one, other = (statistics.median(repeat[which][number].cpu for repeat in repeats) for which in (reference, name))
    return f"{number} {what} from start to end, CPU: {reference} {one:.1f} s, {name} {other:.1f} s, {other / one:.2f} ×"
