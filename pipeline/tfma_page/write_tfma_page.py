"""Writes TFMA's viewer for a past run."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.past_runs import find_run
from pipeline.tfma_page.render_tfma_page import render_tfma_page
from pipeline.tfma_page.viewer_data import viewer_data
from pipeline.write_file import write_file
from schema.label_map import LabelMap
from schema.user_error import UserError


def write_tfma_page(run_dir: Path, out: Path, *, number: int | None = None) -> None:
    """Writes the page, which appears whole or not at all.

    Args:
        run_dir: of the pipeline.
        out: the file; replaced if it is there.
        number: of the run, the last by default.

    Raises:
        UserError: there is no such run, its evaluation is gone, or `out` cannot be written.
    """
    run = find_run(run_dir, number)
    settings = json.loads(run.settings)
    evaluation = run.artifacts["evaluation"].uri
    if not Path(evaluation).is_dir():
        raise UserError(f"run {run.number}: its evaluation is no longer at {evaluation}; run the pipeline again")
    data = viewer_data(evaluation, LabelMap.from_dict(settings["label_map"]))
    ended = f"{run.ended:%Y-%m-%d %H:%M} UTC"
    page = render_tfma_page(data, name=settings["name"], split=settings.get("split"), number=run.number, ended=ended)
    write_file(out, page)
