"""Times `segpipe convert` against a bare loop over the same PASCAL VOC tree, and weighs both.

    python -m benchmarks.converter [--images 3000 12000] [--repeats 3]

Each measurement is a process of its own, and they take turns. What a process needs to start (imports, Beam) is told
from what it needs for an image by the two numbers of images. Both must write the same records.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks.cost_table import Repeat, cost_table
from benchmarks.measure_process import measure_process
from benchmarks.whole_runs import whole_runs

BARE, CONVERTER = "bare loop", "segpipe convert"


def measure(folder: Path, counts: list[int]) -> Repeat:
    """Runs both once on each tree of `voc_tree`.

    Raises:
        SystemExit: a process failed, or they have written different records.
    """
    costs: Repeat = {BARE: {}, CONVERTER: {}}
    for images in counts:
        tree, bare, ours = (str(folder / name) for name in (str(images), "bare", "ours"))
        for name, command in (
            (BARE, ("benchmarks.convert_bare", tree, bare)),
            (CONVERTER, ("pipeline.cli", "convert", "voc", "--voc-root", tree, "--out", ours)),
        ):
            print(f"{name}, {images} images", file=sys.stderr)
            costs[name][images], _ = measure_process(*command)
        measure_process("benchmarks.same_records", bare, ours)
        for out in (bare, ours):
            shutil.rmtree(out)
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, nargs=2, default=[3000, 12000], metavar=("FEW", "MANY"))
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()

    few, many = options.images
    with tempfile.TemporaryDirectory() as folder:
        print("drawing images", file=sys.stderr)
        measure_process("benchmarks.voc_tree", folder, str(few), str(many))
        repeats = [measure(Path(folder), [few, many]) for _ in range(options.repeats)]

    print(f"{few} and {many} images; medians of {options.repeats} repeats (least–most)")
    print(f"Python {platform.python_version()}, TensorFlow {version('tensorflow')}, {os.cpu_count()} cores\n")
    print(cost_table([BARE, CONVERTER], BARE, repeats, few, many), end="\n\n")
    print(whole_runs(BARE, CONVERTER, repeats, few))
    print(whole_runs(BARE, CONVERTER, repeats, many))


if __name__ == "__main__":
    main()
