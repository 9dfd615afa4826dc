"""What can be said of a run's inputs before anything heavy is imported."""

from __future__ import annotations

from pathlib import Path

from pipeline.config import Config
from schema.label_map import FILE_NAME, LabelMap
from schema.user_error import UserError


def check_inputs(config: Config) -> LabelMap:
    """Looks for the files a configuration names.

    Returns:
        The label map of the data.

    Raises:
        UserError: the data folder, files of a split, the label map or the weights are missing.
    """
    data = config.data
    if not data.path.is_dir():
        raise UserError(f"data.path: no folder {data.path}; make one with segpipe convert or segpipe shapes")
    for split, pattern in (("train", data.train), ("eval", data.eval)):
        files = list(data.path.glob(pattern))
        if not files:
            raise UserError(f"data.{split}: no file in {data.path} matches {pattern}")
        if not any(file.stat().st_size for file in files):
            raise UserError(f"data.{split}: the files in {data.path} that match {pattern} are empty")
    label_map = LabelMap.load(data.label_map or data.path / FILE_NAME)
    weights = config.model.weights
    if weights not in ("imagenet", "none") and not Path(weights).is_file():
        raise UserError(f"model.weights: no file {weights}; give imagenet, none or the path of a weights file")
    return label_map
