"""Makes a Transform graph without a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import apache_beam as beam
import tensorflow_transform as tft
import tensorflow_transform.beam as tft_beam
from apache_beam.options.pipeline_options import PipelineOptions
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.public import tfxio

from models.data.preprocessing import PreprocessingSettings, preprocessing_fn
from pipeline.beam.beam_args import beam_args
from pipeline.beam.settings import BeamSettings


def analyze(
    files: Sequence[str], schema: schema_pb2.Schema, settings: PreprocessingSettings, scratch: Path
) -> tft.TFTransformOutput:
    """Analyzes records as the Transform component does, in this process.

    Args:
        files: gzipped TFRecord files of the record contract.
        schema: of the records.
        settings: of the preprocessing.
        scratch: an existing folder, for the graph and what it takes to make it.
    """
    source = tfxio.TFExampleRecord(list(files), schema=schema)
    preprocess = partial(preprocessing_fn, custom_config=settings.model_dump(mode="json"))
    graph, temporary = scratch / "graph", scratch / "temporary"
    options = PipelineOptions(beam_args(BeamSettings(), "Transform"))
    with beam.Pipeline(options=options) as pipeline, tft_beam.Context(temp_dir=str(temporary)):
        data = pipeline | source.BeamSource(), source.TensorAdapterConfig()
        _ = data | tft_beam.AnalyzeDataset(preprocess) | tft_beam.WriteTransformFn(str(graph))
    return tft.TFTransformOutput(str(graph))
