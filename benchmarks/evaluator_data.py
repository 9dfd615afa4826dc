"""Makes what an Evaluator needs: examples as ExampleGen leaves them, and an exported model.

python -m benchmarks.evaluator_data FOLDER INPUT_SIZE COUNT...
"""

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import apache_beam as beam
import numpy as np
import tensorflow as tf
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from google.protobuf import text_format
from PIL import Image
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.public import tfxio

from benchmarks.drawn_mask import drawn_mask
from benchmarks.drawn_photograph import drawn_photograph
from components.segmentation_example_gen.check_example import check_example
from components.segmentation_example_gen.read_records import Record
from models.deeplab_v3_plus import deeplab_v3_plus
from models.preprocessing import PreprocessingSettings, preprocessing_fn
from models.serving_model import export
from models.settings import AugmentSettings, ModelSettings
from schema.label_map import LabelMap
from schema.make_record import make_record
from tests.components.run_executor import BEAM_ARGS
from tests.conftest import ROOT

CLASSES = 21


def evaluator_data(folder: Path, counts: Sequence[int], input_size: int) -> None:
    """Writes three artifacts: `examples`, with a split named after each count, `schema` and `model`.

    Images are 500x375 JPEGs, masks have 21 classes, and each split starts with the images of the smaller ones. The
    model is a DeepLabV3+ on MobileNetV2 that has not been trained: what it predicts is nothing, what it costs is all
    there.

    Args:
        folder: an empty one.
        counts: images in each split.
        input_size: the side of the square that the model sees, in pixels.
    """
    label_map = LabelMap(tuple(map(str, range(CLASSES))), ((0, 0, 0),) * CLASSES)
    records = [_record(index, label_map) for index in range(max(counts))]
    for count in counts:
        split = folder / "examples" / f"Split-{count}"
        split.mkdir(parents=True)
        with tf.io.TFRecordWriter(str(split / "data_tfrecord-00000-of-00001.gz"), "GZIP") as writer:
            for record in records[:count]:
                writer.write(record)

    schema = (ROOT / "schema" / "schema.pbtxt").read_text()
    (folder / "schema").mkdir()
    (folder / "schema" / "schema.pbtxt").write_text(schema)

    transform = _transform(folder / "scratch", records[:2], text_format.Parse(schema, schema_pb2.Schema()), input_size)
    settings = ModelSettings(backbone="mobilenet_v2", weights="none", input_size=input_size)
    model = folder / "model" / "Format-Serving"
    export(deeplab_v3_plus(settings, CLASSES), transform, label_map, model, folder / "scratch")


def _record(index: int, label_map: LabelMap) -> bytes:
    random = np.random.default_rng(index)
    mask = drawn_mask(random, CLASSES)
    image = io.BytesIO()
    Image.fromarray(drawn_photograph(random, mask)).save(image, "JPEG", quality=90)
    example = make_record(image.getvalue(), mask, label_map, filename=f"{index}.jpg", source="drawn")
    record = Record("drawn", index, example.SerializeToString())
    return check_example(record, label_map).example.SerializeToString()


def _transform(
    scratch: Path, records: list[bytes], schema: schema_pb2.Schema, input_size: int
) -> tft.TFTransformOutput:
    settings = PreprocessingSettings(
        input_size=(input_size, input_size), num_classes=CLASSES, augment=AugmentSettings()
    ).model_dump(mode="json")
    source = tfxio.TFExampleBeamRecord("inmem", schema=schema)
    options = beam.options.pipeline_options.PipelineOptions(BEAM_ARGS)
    with beam.Pipeline(options=options) as pipeline, tft_beam.Context(temp_dir=str(scratch / "temp")):
        data = pipeline | beam.Create(records) | source.BeamSource()
        graph = (data, source.TensorAdapterConfig()) | tft_beam.AnalyzeDataset(
            lambda inputs: preprocessing_fn(inputs, settings)
        )
        _ = graph | tft_beam.WriteTransformFn(str(scratch / "transform"))
    return tft.TFTransformOutput(str(scratch / "transform"))


if __name__ == "__main__":
    evaluator_data(Path(sys.argv[1]), [int(count) for count in sys.argv[3:]], int(sys.argv[2]))
