"""The pipeline, the same for every orchestrator: wiring only."""

from __future__ import annotations

from dataclasses import dataclass

from ml_metadata.proto.metadata_store_pb2 import ConnectionConfig
from tfx.components import ExampleValidator, StatisticsGen, Transform
from tfx.dsl.components.base.base_beam_component import BaseBeamComponent
from tfx.orchestration.pipeline import Pipeline
from tfx.proto import transform_pb2

from components.anomaly_guard.component import AnomalyGuard
from components.curated_schema import CuratedSchema
from components.leak_guard.component import LeakGuard
from components.segmentation_example_gen.component import SegmentationExampleGen
from models.data.preprocessing import PreprocessingSettings
from pipeline.beam.beam_args import beam_args
from pipeline.code_fingerprint import code_fingerprint
from pipeline.config import Config
from pipeline.release_components import Trained, release_components
from pipeline.training_components import training_components
from schema.label_map import LabelMap


@dataclass(frozen=True)
class Places:
    """Where a run has and keeps things: local paths, or URIs on a cluster."""

    data: str  # the folder of TFRecords
    root: str  # the pipeline root: every artifact
    serving: str  # the push destination
    checkpoints: str
    statistics: str | None = None  # of the data that passed; without it drift is not looked for


def create_pipeline(
    config: Config,
    label_map: LabelMap,
    schema_text: str,
    places: Places,
    metadata: ConnectionConfig | None = None,
) -> Pipeline:
    """Wires the components.

    Args:
        config: the run.
        label_map: the classes of its data.
        schema_text: the curated TFDV schema, as text.
        places: where artifacts, pushed models, checkpoints and statistics go.
        metadata: the MLMD store, where the orchestrator does not bring its own.
    """
    classes = label_map.to_dict()
    example_gen = SegmentationExampleGen(
        input_base=places.data,
        splits=config.data.files or config.data.patterns,
        label_map=classes,
        code=code_fingerprint("components.segmentation_example_gen", "schema"),
        eval_fraction=config.data.eval_fraction or 0.1,
        max_bad_fraction=config.data.max_bad_fraction,
        span=config.data.span,
    )
    examples = example_gen.outputs["examples"]
    schema_gen = CuratedSchema(text=schema_text)
    schema = schema_gen.outputs["schema"]
    statistics_gen = StatisticsGen(examples=examples, schema=schema)
    example_validator = ExampleValidator(statistics=statistics_gen.outputs["statistics"], schema=schema)
    anomaly_guard = AnomalyGuard(
        examples=examples,
        statistics=statistics_gen.outputs["statistics"],
        schema=schema,
        anomalies=example_validator.outputs["anomalies"],
        label_map=classes,
        kept=places.statistics,
        code=code_fingerprint("components.anomaly_guard", "schema"),
    )

    leak_guard = LeakGuard(
        examples=examples,
        near_duplicates=config.data.near_duplicates,
        distance=config.data.near_duplicate_distance,
        code=code_fingerprint("components.leak_guard", "schema"),
    )

    models_code = code_fingerprint("models", "schema")
    transform = Transform(
        examples=examples,
        schema=schema,
        preprocessing_fn="models.data.preprocessing.preprocessing_fn",
        splits_config=transform_pb2.SplitsConfig(analyze=["train"]),
        # The trainer applies the graph itself, with a new augmentation every epoch: nothing is frozen on disk.
        materialize=False,
        disable_statistics=True,
        custom_config=PreprocessingSettings(
            input_size=config.model.input_size,
            crop_size=config.training.crop_size,
            num_classes=len(label_map),
            augment=config.augment,
            code=models_code,
        ).model_dump(mode="json"),
    )
    transform.add_upstream_node(anomaly_guard)
    transform.add_upstream_node(leak_guard)
    training = training_components(
        config,
        label_map,
        serving=places.serving,
        checkpoints=places.checkpoints,
        code=models_code,
        examples=examples,
        schema=schema,
        transform_graph=transform.outputs["transform_graph"],
    )
    trainer = training[-1]
    trained = Trained(
        examples=examples,
        schema=schema,
        statistics=statistics_gen.outputs["statistics"],
        anomalies=example_validator.outputs["anomalies"],
        leak_findings=leak_guard.outputs["findings"],
        model=trainer.outputs["model"],
        model_run=trainer.outputs["model_run"],
    )
    components = [
        example_gen,
        schema_gen,
        statistics_gen,
        example_validator,
        anomaly_guard,
        leak_guard,
        transform,
        *training,
        *release_components(config, label_map, places.serving, trained),
    ]
    for component in components:
        if isinstance(component, BaseBeamComponent):
            component.with_beam_pipeline_args(beam_args(config.beam, component.id))
    return Pipeline(
        pipeline_name=config.name,
        pipeline_root=places.root,
        components=components,
        enable_cache=config.cache,
        metadata_connection_config=metadata,
    )
