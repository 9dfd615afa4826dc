from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import apache_beam
import tensorflow as tf

from pipeline.beam.installed_versions import installed_versions
from tests.conftest import ROOT


def test_what_is_installed():
    found = installed_versions()
    assert list(found) == ["Python", "Beam", "TFX", "TensorFlow", "segpipe's code"]
    assert sys.version.startswith(found["Python"] + ".")
    assert (found["Beam"], found["TensorFlow"]) == (apache_beam.__version__, tf.__version__)
    assert found["TFX"] == importlib.metadata.version("tfx")


def test_an_interpreter_without_packages_says_so():
    code = "from pipeline.beam.installed_versions import installed_versions as found; print(*found().values())"
    command = [sys.executable, "-S", "-c", code]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert printed[1:] == ["none"] * 3 + [installed_versions()["segpipe's code"]]
