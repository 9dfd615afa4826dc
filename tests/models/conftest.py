"""The Transform graph, analyzed once for all tests here."""

import apache_beam as beam
import pytest
import tensorflow as tf
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.public import tfxio

from models.data.augment_settings import AugmentSettings
from models.data.preprocessing import PreprocessingSettings, preprocessing_fn
from tests.conftest import ROOT
from tests.models.tiny import NUM_CLASSES, tiny_records

INPUT_SIZE = (32, 48)
CROP_SIZE = (16, 32)
MAX_CLASS_SHARE = 0.6


@pytest.fixture(scope="session")
def records_file(tmp_path_factory) -> str:
    path = str(tmp_path_factory.mktemp("records") / "tiny.gz")
    with tf.io.TFRecordWriter(path, "GZIP") as writer:
        for record in tiny_records():
            writer.write(record)
    return path


@pytest.fixture(scope="session")
def transform(records_file, tmp_path_factory) -> tft.TFTransformOutput:
    """With every augmentation on."""
    augment = AugmentSettings(
        scale=(0.5, 2.0),
        rotation=30,
        shear=15,
        flip=0.5,
        crop=True,
        brightness=0.3,
        contrast=0.3,
        saturation=0.3,
        hue=0.2,
    )
    return _analyze(records_file, tmp_path_factory, augment=augment)


@pytest.fixture(scope="session")
def cropping_transform(records_file, tmp_path_factory) -> tft.TFTransformOutput:
    """With crops, none of them of one class if it can be, and no other augmentation."""
    augment = AugmentSettings(crop=True, max_class_share=MAX_CLASS_SHARE)
    return _analyze(records_file, tmp_path_factory, augment=augment, crop_size=CROP_SIZE)


def _analyze(records_file, tmp_path_factory, **settings) -> tft.TFTransformOutput:
    """As the Transform component does, over the curated schema."""
    schema = text_format.Parse((ROOT / "schema" / "schema.pbtxt").read_text(), schema_pb2.Schema())
    config = PreprocessingSettings(input_size=INPUT_SIZE, num_classes=NUM_CLASSES, **settings).model_dump(mode="json")
    output = str(tmp_path_factory.mktemp("transform"))
    source = tfxio.TFExampleRecord(records_file, schema=schema)
    options = beam.options.pipeline_options.PipelineOptions(
        ["--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner", "--direct_running_mode=in_memory"]
    )
    with beam.Pipeline(options=options) as pipeline, tft_beam.Context(temp_dir=str(tmp_path_factory.mktemp("temp"))):
        data = pipeline | source.BeamSource()
        graph = (data, source.TensorAdapterConfig()) | tft_beam.AnalyzeDataset(
            lambda inputs: preprocessing_fn(inputs, config)
        )
        _ = graph | tft_beam.WriteTransformFn(output)
    return tft.TFTransformOutput(output)
