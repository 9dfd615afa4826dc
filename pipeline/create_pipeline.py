"""The pipeline, the same for every orchestrator: wiring only."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ml_metadata.proto.metadata_store_pb2 import ConnectionConfig
from tfx.components import ExampleValidator, StatisticsGen, Transform
from tfx.dsl.components.base.base_beam_component import BaseBeamComponent
from tfx.dsl.components.base.base_component import BaseComponent
from tfx.orchestration.pipeline import Pipeline
from tfx.proto import transform_pb2
from tfx.types.channel import BaseChannel

from components.anomaly_guard.component import AnomalyGuard
from components.baseline.component import Baseline
from components.curated_schema import CuratedSchema
from components.evaluator import Evaluator
from components.gate.component import Gate
from components.leak_guard.component import LeakGuard
from components.mlflow_tracker.component import MlflowTracker
from components.pusher.component import Pusher
from components.report.component import Report
from components.segmentation_example_gen.component import SegmentationExampleGen
from components.servability.component import Servability
from models.data.preprocessing import PreprocessingSettings
from pipeline.beam.beam_args import beam_args
from pipeline.bulk_inferrer import bulk_inferrer
from pipeline.code_fingerprint import code_fingerprint
from pipeline.config import Config
from pipeline.eval_config import eval_config
from pipeline.infra_validator import infra_validator
from pipeline.training_components import training_components
from schema.label_map import LabelMap
from schema.signatures import EXAMPLE_SIGNATURE


@dataclass(frozen=True)
class Places:
    """Where a run has and keeps things: local paths, or URIs on a cluster."""

    data: str  # the folder of TFRecords
    root: str  # the pipeline root: every artifact
    serving: str  # the push destination
    checkpoints: str
    statistics: str | None = None  # of the data that passed; without it drift is not looked for


@dataclass(frozen=True)
class Trained:
    """Channels of what there is when the training is over."""

    examples: BaseChannel
    schema: BaseChannel
    statistics: BaseChannel
    anomalies: BaseChannel
    leak_findings: BaseChannel
    model: BaseChannel
    model_run: BaseChannel


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


def release_components(
    config: Config,
    label_map: LabelMap,
    serving: str,
    trained: Trained,
) -> list[BaseComponent]:
    """From a trained model to a pushed one, or to the reasons why not.

    Args:
        config: the run.
        label_map: the classes of its data.
        serving: the push destination.
        trained: what the components before have made.
    """
    baseline = Baseline(
        model=trained.model,
        push_destination=serving,
        signature=EXAMPLE_SIGNATURE,
        code=code_fingerprint("components.baseline", "components.pushed_models", "schema"),
    )
    evaluator = Evaluator(
        examples=trained.examples,
        model=trained.model,
        baseline_model=baseline.outputs["baseline"],
        schema=trained.schema,
        eval_config=eval_config(config.evaluation, label_map),
        split=config.evaluation.split,
        code=code_fingerprint("components.segmentation_metrics", "schema"),
    )
    servability = Servability(
        model=trained.model,
        examples=trained.examples,
        evaluation=evaluator.outputs["evaluation"],
        settings=json.dumps(
            {
                "servability": config.servability.model_dump(mode="json", exclude={"tensorflow_serving"}),
                "split": config.evaluation.split,
                "label_map": label_map.to_dict(),
                "code": code_fingerprint("components.servability", "components.segmentation_metrics", "schema"),
            },
            sort_keys=True,
        ),
    )
    image = config.servability.tensorflow_serving
    validators = [infra_validator(config, image, examples=trained.examples, model=trained.model)] if image else []
    validated = validators[0].outputs["blessing"] if validators else None
    gate = Gate(
        evaluation=evaluator.outputs["evaluation"],
        baseline=baseline.outputs["baseline"],
        model=trained.model,
        servability=servability.outputs["blessing"],
        infra=validated,
        settings=json.dumps(
            {
                "gate": config.evaluation.gate.model_dump(mode="json"),
                "label_map": label_map.to_dict(),
                "code": code_fingerprint("components.gate", "components.segmentation_metrics", "schema"),
            },
            sort_keys=True,
        ),
    )
    pusher = Pusher(
        model=trained.model,
        model_blessing=gate.outputs["blessing"],
        # One of them will do: the Gate obeys both.
        infra_blessing=servability.outputs["blessing"] if validated is None else validated,
        push_destination=serving,
    )
    report = Report(
        evaluation=evaluator.outputs["evaluation"],
        blessing=gate.outputs["blessing"],
        baseline=baseline.outputs["baseline"],
        model=trained.model,
        pushed_model=pusher.outputs["pushed_model"],
        examples=trained.examples,
        statistics=trained.statistics,
        anomalies=trained.anomalies,
        leak_findings=trained.leak_findings,
        model_run=trained.model_run,
        settings=json.dumps(
            {
                "name": config.name,
                "split": config.evaluation.split,
                "label_map": label_map.to_dict(),
                "examples": config.report.examples,
                "config": config.model_dump(mode="json", by_alias=True),
                "code": code_fingerprint("components", "schema"),
            },
            sort_keys=True,
        ),
    )
    released = [baseline, evaluator, servability, *validators, gate, pusher, report]
    mlflow = config.tracking.mlflow
    if mlflow.uri:
        tracker = MlflowTracker(
            report=report.outputs["report"],
            evaluation=evaluator.outputs["evaluation"],
            model=trained.model,
            model_run=trained.model_run,
            pushed_model=pusher.outputs["pushed_model"],
            settings=json.dumps(
                {
                    "uri": mlflow.uri,
                    "experiment": mlflow.experiment or config.name,
                    "log_model": mlflow.log_model,
                    "config": config.model_dump(mode="json", by_alias=True),
                    "code": code_fingerprint("components.mlflow_tracker"),
                },
                sort_keys=True,
            ),
        )
        released.append(tracker)
    if config.bulk_inference.enabled:
        inferrer = bulk_inferrer(
            config, examples=trained.examples, model=trained.model, blessing=gate.outputs["blessing"]
        )
        inferrer.add_upstream_node(report)  # a model need not wait for it to be pushed, nor a reader for the report
        released.append(inferrer)
    return released
