"""Times SegmentationExampleGen against TFX's ImportExampleGen on the same TFRecords, and weighs both.

    python -m benchmarks.example_gen [--records 3000 12000] [--repeats 3]

TFX's copies the records; ours decodes every image and mask, and checks them. Each measurement is a process of its own,
and they take turns. What a process needs to start (imports, Beam) is told from what it needs for a record by the two
numbers of records. Both must write as many records as there are.
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

IMPORT, OURS = "ImportExampleGen", "SegmentationExampleGen"


def measure(folder: Path, counts: list[int]) -> Repeat:
    """Runs both once on each folder of `example_gen_data`.

    Raises:
        SystemExit: a process failed, or records were lost.
    """
    costs: Repeat = {IMPORT: {}, OURS: {}}
    for records in counts:
        for name, kind in ((IMPORT, "import"), (OURS, "segmentation")):
            print(f"{name}, {records} records", file=sys.stderr)
            out = folder / "out"
            costs[name][records], _ = measure_process("benchmarks.ingest", str(folder / str(records)), str(out), kind)
            _, written = measure_process("benchmarks.count_records", str(out))
            if int(written) != records:
                sys.exit(f"{name} has written {written} of {records} records")
            shutil.rmtree(out)
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs=2, default=[3000, 12000], metavar=("FEW", "MANY"))
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()

    few, many = options.records
    with tempfile.TemporaryDirectory() as folder:
        print("drawing images", file=sys.stderr)
        measure_process("benchmarks.example_gen_data", folder, str(few), str(many))
        repeats = [measure(Path(folder), [few, many]) for _ in range(options.repeats)]

    print(f"{few} and {many} records; medians of {options.repeats} repeats (least–most)")
    print(f"Python {platform.python_version()}, TensorFlow {version('tensorflow')}, {os.cpu_count()} cores\n")
    print(cost_table([IMPORT, OURS], IMPORT, repeats, few, many), end="\n\n")
    print(whole_runs(IMPORT, OURS, repeats, few, "records"))
    print(whole_runs(IMPORT, OURS, repeats, many, "records"))


if __name__ == "__main__":
    main()
