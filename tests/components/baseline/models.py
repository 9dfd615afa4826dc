"""SavedModels that say what they are, and no more."""

from pathlib import Path

import tensorflow as tf

from schema.label_map import FILE_NAME, LabelMap

LABEL_MAP = LabelMap(names=("sky", "road", "car"), colors=((0, 0, 255), (90, 90, 90), (255, 0, 0)))
SIGNATURE = "from_examples"


class Tiny(tf.Module):
    def __init__(self, label_map_file: str | None, weight: float) -> None:
        super().__init__()
        self.weight = tf.Variable(weight)
        self.label_map = tf.saved_model.Asset(label_map_file) if label_map_file else None

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="examples")])
    def serve(self, examples):
        return {"mask_png": examples}


def save_model(
    directory: Path,
    scratch: Path,
    label_map: LabelMap | None = LABEL_MAP,
    signature: str = SIGNATURE,
    weight: float = 0.0,
) -> Path:
    """Writes a SavedModel into `directory` and returns it."""
    file = scratch / FILE_NAME
    if label_map:
        label_map.save(file)
    model = Tiny(str(file) if label_map else None, weight)
    tf.saved_model.save(model, str(directory), signatures={signature: model.serve})
    return directory
