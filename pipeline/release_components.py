"""From a trained model to a pushed one, or to the reasons why not."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tfx.dsl.components.base.base_component import BaseComponent
from tfx.types.channel import BaseChannel

from components.baseline.component import Baseline
from components.evaluator import Evaluator
from components.gate.component import Gate
from components.mlflow_tracker.component import MlflowTracker
from components.pusher.component import Pusher
from components.report.component import Report
from components.servability.component import Servability
from pipeline.bulk_inferrer import bulk_inferrer
from pipeline.code_fingerprint import code_fingerprint
from pipeline.config import Config
from pipeline.eval_config import eval_config
from pipeline.infra_validator import infra_validator
from schema.label_map import LabelMap
from schema.signatures import EXAMPLE_SIGNATURE


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
