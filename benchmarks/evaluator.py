"""Times the Evaluator against a bare loop over the same images with the same model, and weighs both.

    python -m benchmarks.evaluator [--images 200 400] [--repeats 3] [--input-size 384] [--baseline]

Each measurement is a process of its own, and they take turns. What a process needs to start (imports, the model, Beam's
graph) is told from what it needs for an image by the two numbers of images. All have to find the same confusion matrix.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version

from benchmarks.cost_table import NOT_MEASURED, Repeat, cost_table
from benchmarks.measure_process import Cost, measure_process

BARE, COMPONENT, BASELINE = "bare loop", "Evaluator", "Evaluator, with a baseline"
SIGNATURE = "the model in the bare loop"
COMMANDS = {
    BARE: ("benchmarks.evaluate_bare",),
    COMPONENT: ("benchmarks.evaluate_component",),
    BASELINE: ("benchmarks.evaluate_component", "--baseline"),
}


def measure(folder: str, names: list[str], counts: list[int]) -> Repeat:
    """Runs each once on each number of images.

    Raises:
        SystemExit: a process failed, or two have counted different pixels.
    """
    costs: Repeat = {name: {} for name in (SIGNATURE, *names)}
    for images in counts:
        confusions = []
        for name in names:
            print(f"{name}, {images} images", file=sys.stderr)
            module, *options = COMMANDS[name]
            costs[name][images], said = measure_process(module, folder, str(images), *options)
            confusion, model_seconds = json.loads(said)
            confusions.append(confusion)
            if name == BARE:
                costs[SIGNATURE][images] = Cost(model_seconds, NOT_MEASURED, NOT_MEASURED)
        if any(confusion != confusions[0] for confusion in confusions):
            sys.exit(f"the confusion matrices of {', '.join(names)} differ on {images} images")
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, nargs=2, default=[200, 400], metavar=("FEW", "MANY"))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--input-size", type=int, default=384, help="side of what the model sees, a multiple of 16")
    parser.add_argument("--baseline", action="store_true", help="measures the Evaluator with a baseline, too")
    options = parser.parse_args()

    few, many = options.images
    names = [BARE, COMPONENT, *([BASELINE] if options.baseline else [])]
    with tempfile.TemporaryDirectory() as folder:
        print("drawing images, exporting a model", file=sys.stderr)
        measure_process("benchmarks.evaluator_data", folder, str(options.input_size), str(few), str(many))
        repeats = [measure(folder, names, [few, many]) for _ in range(options.repeats)]

    what = f"{few} and {many} images, model input {options.input_size}x{options.input_size}"
    print(f"{what}; medians of {options.repeats} repeats (least–most)")
    print(f"Python {platform.python_version()}, TensorFlow {version('tensorflow')}, {os.cpu_count()} cores\n")
    print(cost_table([SIGNATURE, *names], BARE, repeats, few, many))


if __name__ == "__main__":
    main()
