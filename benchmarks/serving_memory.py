"""Watches the memory of one call of the exported model as its images grow in number.

    python -m benchmarks.serving_memory [--counts 10 1000]

Each count is a process of its own that loads the model (MobileNetV2 at 256x256, not trained), calls `from_examples`
once with that many tf.Examples of 500x375 JPEGs, and ends. What it had at the most is told without the bytes that it
was given.
"""

import argparse
import sys
import tempfile

from benchmarks.measure_process import measure_process

SIZE = 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[10, 1000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure_process("benchmarks.evaluator_data", folder, str(SIZE), str(max(options.counts)))
        peaks = {}
        for count in options.counts:
            print(f"{count} images", file=sys.stderr)
            cost, given = measure_process("benchmarks.call_once", folder, str(max(options.counts)), str(count))
            peaks[count] = (cost.memory - int(given)) / 2**20
    print("| images in the call | MiB at the most, without the images | × |\n|--:|--:|--:|")
    for count, peak in peaks.items():
        print(f"| {count} | {peak:.0f} | {peak / peaks[options.counts[0]]:.2f} |")


if __name__ == "__main__":
    main()
