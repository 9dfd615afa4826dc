"""Says whether the installation works, the image's above all: `python -m kubeflow.healthy --help`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version

from components.report.commit import commit
from pipeline.logs import hush
from schema.user_error import UserError

# What tasks, Beam's workers and the command line begin with.
_MODULES = (
    "tfx.orchestration.kubeflow.v2.container.kubeflow_v2_run_executor",
    "apache_beam.runners.worker.sdk_worker_main",
    "pipeline.create_pipeline",
    "kubeflow.entry_point",
    "components.segmentation_metrics.mean_iou",
    "models.run_fn",
    "models.tuner.tuner_fn",
)


def healthy(expected: Mapping[str, str], gpus: int = 0) -> dict[str, str]:
    """Imports what tasks begin with, lets TensorFlow compute on every device and writes a temporary file.

    Args:
        expected: versions by distribution, e.g. `{"tfx": "1.21.0"}`.
        gpus: how many GPUs there have to be at least.

    Returns:
        What is there: versions by name, the commit, the number of GPUs.

    Raises:
        UserError: a version is another one, there are too few GPUs, or something does not work.
    """
    found = {name: version(name) for name in ("segpipe", "tfx", "apache-beam", "keras", "kfp")}
    for name, wanted in expected.items():
        if found.get(name) != wanted:
            raise UserError(f"{name} is {found.get(name, 'not there')}; expected {wanted}")
    try:
        for name in _MODULES:
            import_module(name)
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
    except (ImportError, OSError) as error:
        raise UserError(f"does not work: {error}") from error
    import tensorflow as tf

    devices = tf.config.list_physical_devices("GPU")
    if len(devices) < gpus:
        raise UserError(f"TensorFlow sees {len(devices)} GPUs; expected {gpus} at least, with the image for GPUs")
    for device in ("CPU:0", *(f"GPU:{index}" for index in range(len(devices)))):
        with tf.device(device):
            product = tf.linalg.matmul([[1.0, 2.0]], [[3.0], [4.0]])
        if product.numpy().item() != 11.0:
            raise UserError(f"TensorFlow computes {product.numpy().item()} on {device} where 11 is right")
    return {
        "python": sys.version.split()[0],
        **found,
        "tensorflow": tf.__version__,
        "commit": commit() or "unknown",
        "gpus": str(len(devices)),
    }


def main(arguments: list[str] | None = None) -> int:
    """Prints what is there; the exit code is 0, or 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kubeflow.healthy", description="Says whether segpipe works here.")
    parser.add_argument("versions", nargs="*", type=_version, metavar="NAME=VERSION", help="what has to be installed")
    parser.add_argument("--gpus", type=int, default=0, help="how many GPUs TensorFlow has to see at least")
    options = parser.parse_args(arguments)
    hush()
    try:
        found = healthy(dict(options.versions), options.gpus)
    except UserError as error:
        print(f"not healthy: {error}", file=sys.stderr)
        return 1
    print("\n".join(f"{name} {value}" for name, value in found.items()))
    return 0


def _version(text: str) -> tuple[str, str]:
    name, equals, wanted = text.partition("=")
    if not (name and equals and wanted):
        raise argparse.ArgumentTypeError(f"{text}: expected NAME=VERSION")
    return name, wanted


if __name__ == "__main__":
    sys.exit(main())
