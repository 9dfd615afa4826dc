"""What can be said of a run's inputs before anything heavy is imported."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from pipeline.config import Config, DataSettings
from schema.label_map import FILE_NAME, LabelMap
from schema.user_error import UserError


def check_inputs(config: Config) -> LabelMap:
    """Looks for the files a configuration names.

    Returns:
        The label map of the data.

    Raises:
        UserError: the data folder, files of a split, the label map or the weights are missing or cannot be used, or
            MLflow's client is asked for and not installed.
    """
    data = config.data
    if not data.path.is_dir():
        raise UserError(
            f"data.path: no folder {data.path}; make one with segpipe convert or segpipe shapes, or name another"
        )
    both = _files(data, "train") & _files(data, "eval")
    if both:
        raise UserError(
            f"data.eval: {min(both)} belongs to the train split too; give the splits patterns that share no file"
        )
    label_map = check_label_map(data)
    check_weights(config.model.weights)
    if config.tracking.mlflow.uri and find_spec("mlflow") is None:
        raise UserError(
            "tracking.mlflow.uri: MLflow's client is not installed; install it with uv sync --extra mlflow or "
            "pip install 'segpipe[mlflow]', or leave that key out"
        )
    return label_map


def _files(data: DataSettings, split: str) -> set[Path]:
    pattern = getattr(data, split)
    try:
        files = {path for path in data.path.glob(pattern) if path.is_file()}
    except (ValueError, IndexError, NotImplementedError) as error:
        raise UserError(f"data.{split}: {pattern} is no file pattern: {error}") from error
    if not files:
        found = ", ".join(sorted(path.name for path in data.path.iterdir())[:3]) or "nothing"
        raise UserError(f"data.{split}: no file in {data.path} matches {pattern}; it holds {found}; change the pattern")
    if not any(file.stat().st_size for file in files):
        raise UserError(f"data.{split}: the files in {data.path} that match {pattern} are empty; write them again")
    return files


def check_label_map(data: DataSettings) -> LabelMap:
    """The label map of the data. Raises UserError when it is missing or cannot be used."""
    path = data.label_map or data.path / FILE_NAME
    if not path.is_file():
        raise UserError(f"data.label_map: no file {path}; write one (the converters do) or name another")
    try:
        return LabelMap.load(path)
    except UserError as error:
        raise UserError(f"data.label_map: {' '.join(str(error).split())}") from error


def check_weights(weights: str) -> None:
    """Looks for the file of the backbone's weights. Raises UserError when it is missing or no .h5."""
    if weights in ("imagenet", "none"):
        return
    if not Path(weights).is_file():
        raise UserError(f"model.weights: no file {weights}; give imagenet, none or the path of a weights file")
    if Path(weights).suffix != ".h5":
        raise UserError(f"model.weights: {weights} is no .h5 file; give imagenet, none or the path of one")
