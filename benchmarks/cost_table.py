"""The table that compares what processes cost."""

import statistics
from collections.abc import Sequence

from benchmarks.measure_process import Cost
from benchmarks.per_image import per_image
from benchmarks.spread import spread

NOT_MEASURED = float("nan")

Repeat = dict[str, dict[int, Cost]]  # by name, then by the number of images


def cost_table(names: Sequence[str], reference: str, repeats: list[Repeat], few: int, many: int) -> str:
    """A row a name: medians over repeats; ratios are taken within each. What was not measured is left empty.

    What a process needs to start is told from what it needs for an image by two numbers of images.

    Args:
        names: whose rows they are.
        reference: whose costs an image are 1.
        repeats: what each name cost, in turns.
        few: the smaller number of images.
        many: the larger one.
    """
    by = f"× {reference}"
    head = ("start-up, s", "an image, ms", by, "its CPU, ms", by, f"MiB at {few}", f"at {many}", "×")
    rows = (_row(name, reference, repeats, few, many) for name in names)
    return "\n".join((f"| | {' | '.join(head)} |", f"|---{'|--:' * 8}|", *rows))


def _row(name: str, reference: str, repeats: list[Repeat], few: int, many: int) -> str:
    def median(values: list[float], form: str) -> str:
        return format(statistics.median(values), form)

    cells = [median([repeat[name][few].wall - few * per_image(repeat[name], "wall") for repeat in repeats], ".1f")]
    for kind in ("wall", "cpu"):
        ratios = [per_image(repeat[name], kind) / per_image(repeat[reference], kind) for repeat in repeats]
        cells.append(median([1e3 * per_image(repeat[name], kind) for repeat in repeats], ".1f"))
        cells.append(spread(ratios))
    cells += [median([repeat[name][count].memory / 2**20 for repeat in repeats], ".0f") for count in (few, many)]
    cells.append(median([repeat[name][many].memory / repeat[name][few].memory for repeat in repeats], ".2f"))
    return f"| {name} | {' | '.join('' if 'nan' in cell else cell for cell in cells)} |"
