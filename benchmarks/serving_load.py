"""Times `segpipe serve` against the same calls within one process, and asks it for many masks at once.

    python -m benchmarks.serving_load [--size 256] [--repeats 60] [--requests 200]

One image at a time, a 500x375 JPEG, passes in turns through the signature in this process and, as TensorFlow Serving's
JSON on a connection of its own, through a server on this machine: MobileNetV2, not trained. What HTTP adds is taken
within each turn; on a machine that does other things too, the tenth percentile is what these disturbed least. Then as
many clients as there are requests ask at once; each has to get its image's mask.
"""

import argparse
import base64
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.evaluator_data import evaluator_data
from pipeline.prediction.load_model import load_model
from tests.pipeline.server.server_process import ServerProcess, server_process

_IMAGES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256, help="side of what the network sees, a multiple of 16")
    parser.add_argument("--repeats", type=int, default=60)
    parser.add_argument("--requests", type=int, default=200, help="at once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        evaluator_data(Path(folder), [_IMAGES], options.size)
        model = Path(folder) / "model" / "Format-Serving"
        images = _images(Path(folder))
        with server_process(model) as server:
            masks = _one_at_a_time(server, model, images, options.repeats)
            _at_once(server, images, masks, options.requests)


def _images(folder: Path) -> list[bytes]:
    import tensorflow as tf

    from schema.record import IMAGE

    files = [str(file) for file in (folder / "examples" / f"Split-{_IMAGES}").iterdir()]
    records = tf.data.TFRecordDataset(files, "GZIP").as_numpy_iterator()
    return [tf.train.Example.FromString(record).features.feature[IMAGE].bytes_list.value[0] for record in records]


def _one_at_a_time(server: ServerProcess, model: Path, images: list[bytes], repeats: int) -> list[bytes]:
    """Prints the first table; returns the masks."""
    segment = load_model(model)
    masks = [bytes(segment([image])[0]) for image in images]
    here, there = [], []
    for turn in range(repeats + 5):
        image = images[turn % len(images)]
        started = time.perf_counter()
        segment([image])
        between = time.perf_counter()
        answer = server.predict(image)
        ended = time.perf_counter()
        _check(answer, masks[turn % len(images)])
        if turn >= 5:  # those before do not count
            here.append(1000 * (between - started))
            there.append(1000 * (ended - between))
    print("| one image at a time | p10, ms | p50, ms |\n|---|--:|--:|")
    for name, took in (("the signature, in process", here), ("`segpipe serve`, over HTTP", there)):
        print(f"| {name} | {np.quantile(took, 0.1):.1f} | {np.median(took):.1f} |")
    added = np.quantile(np.subtract(there, here), [0.25, 0.5, 0.75])
    print(
        "\nHTTP adds within a turn, ms: {:.1f} in the middle, half of them from {:.1f} to {:.1f}\n".format(
            *added[[1, 0, 2]]
        )
    )
    return masks


def _at_once(server: ServerProcess, images: list[bytes], masks: list[bytes], requests: int) -> None:
    """Prints the second table."""
    together, answered = threading.Barrier(requests), threading.Event()
    seen = [server.memory]

    def watch() -> None:
        while not answered.wait(0.1):
            seen.append(server.memory)

    def ask(number: int) -> float | None:
        together.wait()
        started = time.perf_counter()
        try:
            _check(server.predict(images[number % len(images)]), masks[number % len(images)])
        except (OSError, ValueError) as error:
            print(f"request {number}: {error}", file=sys.stderr)
            return None
        return time.perf_counter() - started

    with ThreadPoolExecutor(requests) as clients, ThreadPoolExecutor(1) as watcher:
        watching = watcher.submit(watch)
        took = list(clients.map(ask, range(requests)))
        answered.set()
        watching.result()
    seconds = [one for one in took if one is not None]
    after = server.memory
    p50, p99 = np.quantile(seconds, [0.5, 0.99])
    print("| requests at once | lost | p50, s | p99, s | MiB before | at most | after |\n|--:|--:|--:|--:|--:|--:|--:|")
    print(
        f"| {requests} | {requests - len(seconds)} | {p50:.1f} | {p99:.1f} "
        f"| {seen[0]:.0f} | {max(*seen, after):.0f} | {after:.0f} |"
    )


def _check(answer, mask: bytes) -> None:
    """Raises ValueError where it is not this mask."""
    if answer.status != 200 or base64.b64decode(answer.json["predictions"][0]["b64"]) != mask:
        raise ValueError(f"{answer.status} with {'another mask' if answer.status == 200 else answer.body!r}")


if __name__ == "__main__":
    main()
