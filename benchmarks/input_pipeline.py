"""Weighs the input of our training against the same augmentation by Albumentations, and against decoding alone.

    python -m benchmarks.input_pipeline [--images 200 1200] [--repeats 3] [--cases "voc" ...]

The cases are those of `input_cases`: 500x375 JPEGs cropped to 512x512 and 480x360 PNGs cropped to 256x192, with scale,
flip and crop as in our configurations, and with rotation, shear and colours as well. Each measurement is a process of
its own, and they take turns. What a process needs to start is told from what it needs for an image by the two numbers
of images. What counts is CPU time: what one core gives. Albumentations runs in an environment that uv makes for it.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks.cost_table import Repeat
from benchmarks.install_peer import install_peer
from benchmarks.measure_process import measure_process
from benchmarks.per_image import per_image
from benchmarks.spread import spread

PEER = ("albumentations==2.0.8", "opencv-python-headless==5.0.0.93")
BOUND, OURS, CHAIN, WARP = "decoding alone", "ours", "Albumentations", "Albumentations, one warp"
CASES = ("voc", "voc, rich", "camvid", "camvid, rich")


def measure(folder: Path, counts: list[int], peer: str | None) -> Repeat:
    """Runs each once on each number of images of `input_data`.

    Args:
        folder: what `input_data` made.
        counts: of images.
        peer: the Python that has Albumentations.
    """
    costs: Repeat = {}
    for count in counts:
        runs = {BOUND: ("bound", (), sys.executable), OURS: ("ours", (), sys.executable)}
        if peer:
            runs |= {name: ("albumentations", (kind,), peer) for name, kind in ((CHAIN, "chain"), (WARP, "warp"))}
        for name, (module, options, python) in runs.items():
            print(f"{folder.name}: {name}, {count} images", file=sys.stderr)
            cost, _ = measure_process(f"benchmarks.input_{module}", str(folder), str(count), *options, python=python)
            costs.setdefault(name, {})[count] = cost
    return costs


def row(case: str, repeats: list[Repeat]) -> str:
    """A row of the table: medians of CPU milliseconds an image; ratios are taken within each repeat."""
    times = {name: [1e3 * per_image(repeat[name], "cpu") for repeat in repeats] for name in repeats[0]}

    def time(name: str) -> str:
        return f"{statistics.median(times[name]):.1f}" if name in times else ""

    def ours_gives(name: str) -> str:
        if name not in times:
            return ""
        ratios = [other / ours for other, ours in zip(times[name], times[OURS], strict=True)]
        return spread(ratios)

    rate = f"{1e3 / statistics.median(times[OURS]):.0f}"
    cells = [case, time(OURS), rate, time(CHAIN), ours_gives(CHAIN), time(WARP), ours_gives(WARP), time(BOUND)]
    return f"| {' | '.join([*cells, ours_gives(BOUND)])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, nargs=2, default=[200, 1200], metavar=("FEW", "MANY"))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=CASES)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fault = install_peer(folder / "peer", *PEER)
        for case in options.cases:
            print(f"{case}: drawing images", file=sys.stderr)
            measure_process("benchmarks.input_data", str(folder / case), case)
        peer = None if fault else str(folder / "peer" / "bin" / "python")
        repeats = [
            {case: measure(folder / case, options.images, peer) for case in options.cases}
            for _ in range(options.repeats)
        ]

    print(f"{options.images[0]} and {options.images[1]} images; medians of {options.repeats} repeats (least–most)")
    print(f"Python {platform.python_version()}, TensorFlow {version('tensorflow')}, {os.cpu_count()} cores")
    print(f"{' '.join(PEER)} not measured: {fault}\n" if fault else f"{' '.join(PEER)}\n")
    head = "ours, ms | images/s a core | {} ms | ours is faster by | {} ms | ours is faster by | {} ms | share of it"
    print("| CPU an image |", head.format(*(f"{name}," for name in (CHAIN, WARP, BOUND))), "|")
    print(f"|---{'|--:' * 8}|")
    for case in options.cases:
        print(row(case, [repeat[case] for repeat in repeats]))


if __name__ == "__main__":
    main()
