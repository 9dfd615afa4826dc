"""TensorFlow without its start-up noise."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_NOISE = r"WARNING: All log messages before absl::InitializeLog\(\)|[IW]\d{4} [\d:.]+ +\d+ [a-z_]+\.cc:\d+\]"
_FILTER = """
import re, sys
for line in sys.stdin.buffer:
    if not re.match(sys.argv[1].encode(), line):
        sys.stdout.buffer.write(line)
        sys.stdout.flush()
"""


def quiet_tensorflow() -> None:
    """Whenever TensorFlow will be imported, leaves out what its libraries have to tell and to warn of as they load.

    TensorFlow 2.21 writes that past Python and before it reads TF_CPP_MIN_LOG_LEVEL. Errors are let through, and by a
    process of its own, so that they are seen even when they are the last words of this one.
    """
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds TensorFlow as it would be found without us, once."""

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(Loader):
    """Loads a module as `loader` does."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        spec: Any = module.__spec__
        module.__loader__ = spec.loader = self._loader
        with _without_noise():
            self._loader.exec_module(module)


@contextmanager
def _without_noise() -> Iterator[None]:
    sys.stderr.flush()
    real = os.dup(2)
    try:
        with subprocess.Popen([sys.executable, "-ISc", _FILTER, _NOISE], stdin=subprocess.PIPE, stdout=real) as other:
            assert other.stdin
            os.dup2(other.stdin.fileno(), 2)
            try:
                yield
            finally:
                sys.stderr.flush()
                os.dup2(real, 2)
    finally:
        os.close(real)
