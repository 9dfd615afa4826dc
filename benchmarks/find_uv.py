"""Finds uv, which makes the environments of those who do not belong in ours."""

import os
import shutil

from tests.conftest import ROOT


def find_uv() -> tuple[str | None, dict[str, str]]:
    """uv of `make setup` or on the PATH, None where there is none; and the environment variables to run it with."""
    local = ROOT / ".uv" / "bin" / "uv"
    # What pip finds beside the index, a CPU build of torch for instance, uv finds as well.
    links = ",".join(os.environ.get("PIP_FIND_LINKS", "").split())
    return str(local) if local.exists() else shutil.which("uv"), {"UV_FIND_LINKS": links, **os.environ}
