"""A Transform graph, as the Transform component makes it."""

from collections.abc import Sequence
from pathlib import Path

import apache_beam as beam
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.public import tfxio

from models.data.preprocessing import PreprocessingSettings, preprocessing_fn
from tests.components.run_executor import BEAM_ARGS
from tests.conftest import ROOT


def analyzed_transform(
    scratch: Path, records: Sequence[bytes], settings: PreprocessingSettings
) -> tft.TFTransformOutput:
    """Analyzes records, over the curated schema.

    Args:
        scratch: a folder; the graph lies in its `transform` then.
        records: serialized tf.Examples as ExampleGen leaves them.
        settings: of preprocessing.
    """
    config = settings.model_dump(mode="json")
    schema = text_format.Parse((ROOT / "schema" / "schema.pbtxt").read_text(), schema_pb2.Schema())
    source = tfxio.TFExampleBeamRecord("inmem", schema=schema)
    options = beam.options.pipeline_options.PipelineOptions(BEAM_ARGS)
    with beam.Pipeline(options=options) as pipeline, tft_beam.Context(temp_dir=str(scratch / "temp")):
        data = pipeline | beam.Create(records) | source.BeamSource()
        graph = (data, source.TensorAdapterConfig()) | tft_beam.AnalyzeDataset(
            lambda inputs: preprocessing_fn(inputs, config)
        )
        _ = graph | tft_beam.WriteTransformFn(str(scratch / "transform"))
    return tft.TFTransformOutput(str(scratch / "transform"))
