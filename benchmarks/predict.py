"""Times `segpipe predict`, in one process, against bare calls of the same model on the same images, and weighs both.

    python -m benchmarks.predict [--images 100 300] [--repeats 3] [--input-size 384]

Each measurement is a process of its own, and they take turns. What a process needs to start (imports, the model) is
told from what it needs for an image by the two numbers of images.
"""

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import version

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from benchmarks.cost_table import Repeat, cost_table
from benchmarks.measure_process import measure_process

BARE, PREDICT = "bare calls", "segpipe predict"


def measure(folder: str, counts: list[int]) -> Repeat:
    """Runs both once on each number of images."""
    costs: Repeat = {BARE: {}, PREDICT: {}}
    for images in counts:
        model, split, out = f"{folder}/model/Format-Serving", f"{folder}/examples/Split-{images}", f"{folder}/{images}"
        for name, command in (
            (BARE, ("benchmarks.predict_bare", folder, str(images))),
            (PREDICT, ("pipeline.cli", "predict", "--model", model, split, "--out", out)),
        ):
            print(f"{name}, {images} images", file=sys.stderr)
            costs[name][images], _ = measure_process(*command)
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, nargs=2, default=[100, 300], metavar=("FEW", "MANY"))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--input-size", type=int, default=384, help="side of what the model sees, a multiple of 16")
    options = parser.parse_args()

    few, many = options.images
    with tempfile.TemporaryDirectory() as folder:
        print("drawing images, exporting a model", file=sys.stderr)
        measure_process("benchmarks.evaluator_data", folder, str(options.input_size), str(few), str(many))
        repeats = [measure(folder, [few, many]) for _ in range(options.repeats)]

    what = f"{few} and {many} images, model input {options.input_size}x{options.input_size}"
    print(f"{what}; medians of {options.repeats} repeats (least–most)")
    print(f"Python {platform.python_version()}, TensorFlow {version('tensorflow')}, {os.cpu_count()} cores\n")
    print(cost_table([BARE, PREDICT], BARE, repeats, few, many))


if __name__ == "__main__":
    main()
