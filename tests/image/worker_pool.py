"""A job for a worker pool on port 50000, run in the image by check.sh: the worker has to have our code."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

OPTIONS = [
    "--runner=PortableRunner",
    "--job_endpoint=embed",
    "--environment_type=EXTERNAL",
    "--environment_config=localhost:50000",
]


def name_of_metric(_: bytes) -> str:
    from components.segmentation_metrics.mean_iou import MeanIoU

    return MeanIoU.__name__


if __name__ == "__main__":
    with beam.Pipeline(options=PipelineOptions(OPTIONS)) as pipeline:
        pipeline | beam.Impulse() | beam.Map(name_of_metric) | beam.Map(print)
