"""What can be said of a run's inputs before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from pipeline.config import Config
from pipeline.data_settings import DataSettings
from pipeline.read_schema import read_schema
from pipeline.resolve_spans import resolve_spans
from schema.label_map import FILE_NAME, LabelMap
from schema.user_error import UserError


def check_inputs(config: Config) -> LabelMap:
    """Looks for the files a configuration names.

    Returns:
        The label map of the data.

    Raises:
        UserError: the data folder, files of a split, the label map, the weights or the schema are missing or cannot be
            used, a class is not in the label map, or MLflow's client is asked for and not installed.
    """
    data = config.data
    if not data.path.is_dir():
        raise UserError(
            f"data.path: no folder {data.path}; make one with segpipe convert or segpipe shapes, or name another"
        )
    patterns = resolve_spans(data.path, data.patterns, data.span)
    files = [_files(data.path, f"data.{key}", pattern) for key, pattern in patterns.items()]
    both = set.intersection(*files) if len(files) > 1 else set()
    if both:
        raise UserError(
            f"data.eval: {min(both)} belongs to the train split too; give the splits patterns that share no file"
        )
    label_map = check_label_map(data)
    check_oversample(config.training.oversample, label_map)
    check_weights(config.model.weights)
    read_schema(data.schema_path)
    if config.tracking.mlflow.uri and find_spec("mlflow") is None:
        raise UserError(
            "tracking.mlflow.uri: MLflow's client is not installed; install it with uv sync --extra mlflow or "
            "pip install 'segpipe[mlflow]', or leave that key out"
        )
    return label_map


def _files(folder: Path, key: str, pattern: str) -> set[Path]:
    try:
        files = {path for path in folder.glob(pattern) if path.is_file()}
    except (ValueError, IndexError, NotImplementedError) as error:
        raise UserError(f"{key}: {pattern} is no file pattern: {error}") from error
    if not files:
        found = ", ".join(sorted(path.name for path in folder.iterdir())[:3]) or "nothing"
        raise UserError(f"{key}: no file in {folder} matches {pattern}; it holds {found}; change the pattern")
    if not any(file.stat().st_size for file in files):
        raise UserError(f"{key}: the files in {folder} that match {pattern} are empty; write them again")
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


def check_oversample(classes: Iterable[str], label_map: LabelMap) -> None:
    """Looks for the classes in the label map. Raises UserError, with the nearest right name, when one is not there."""
    for name in classes:
        if name not in label_map.names:
            near = get_close_matches(name, label_map.names, n=1)
            right = f"did you mean {near[0]}?" if near else f"the label map has {', '.join(label_map.names)}"
            raise UserError(f"training.oversample: no class {name}; {right}")


def check_weights(weights: str) -> None:
    """Looks for the file of the backbone's weights. Raises UserError when it is missing or no .h5."""
    if weights in ("imagenet", "none"):
        return
    if not Path(weights).is_file():
        raise UserError(f"model.weights: no file {weights}; give imagenet, none or the path of a weights file")
    if Path(weights).suffix != ".h5":
        raise UserError(f"model.weights: {weights} is no .h5 file; give imagenet, none or the path of one")
