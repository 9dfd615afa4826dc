"""The part of the pipeline that trains: wiring only."""

from __future__ import annotations

from tfx.components import Trainer, Tuner
from tfx.dsl.components.base.base_component import BaseComponent
from tfx.proto import trainer_pb2
from tfx.types.channel import BaseChannel

from components.baseline.component import Baseline
from components.baseline.properties import BASELINE
from models.training.trainer_settings import TrainerSettings
from models.tuner.settings import TunerSettings
from models.tuner.trial_recipe import trial_recipe
from models.tuner.tuner_fn_settings import TunerFnSettings
from pipeline.code_fingerprint import code_fingerprint
from pipeline.config import Config
from pipeline.weights_digest import weights_digest
from schema.label_map import LabelMap


def training_components(
    config: Config,
    label_map: LabelMap,
    *,
    serving: str,
    checkpoints: str,
    code: str,
    examples: BaseChannel,
    schema: BaseChannel,
    transform_graph: BaseChannel,
) -> list[BaseComponent]:
    """The Trainer, as the last, and what it needs of a model to start from and of a search for its recipe.

    Args:
        config: the run.
        label_map: the classes of its data.
        serving: the push destination, which a training may start from.
        checkpoints: where trainings that are cut off are kept.
        code: the fingerprint of `models`.
        examples: from ExampleGen.
        schema: of the examples.
        transform_graph: from Transform.
    """
    settings = TrainerSettings(
        model=config.model,
        training=config.training,
        label_map=label_map.to_dict(),
        seed=config.seed,
        checkpoints=checkpoints,
        weights_digest=weights_digest(config.model.weights),
        code=code,
    )
    initial_models = [_initial_model(serving)] if config.training.initialize_from else []
    base_model = initial_models[0].outputs[BASELINE] if initial_models else None
    tuners = [_tuner(config.tuner, settings, examples, transform_graph, base_model)] if config.tuner else []
    trainer = Trainer(
        run_fn="models.run_fn.run_fn",
        examples=examples,
        transform_graph=transform_graph,
        schema=schema,
        base_model=base_model,
        hyperparameters=tuners[0].outputs["best_hyperparameters"] if tuners else None,
        train_args=trainer_pb2.TrainArgs(splits=["train"], num_steps=config.training.steps),
        eval_args=trainer_pb2.EvalArgs(splits=[]),
        custom_config=settings.model_dump(mode="json"),
    )
    return [*initial_models, *tuners, trainer]


def _initial_model(serving: str) -> Baseline:
    """What was pushed last, for a Trainer that starts from it."""
    code = code_fingerprint("components.baseline", "components.pushed_models", "schema")
    return Baseline(push_destination=serving, code=code).with_id("InitialModel")


def _tuner(
    search: TunerSettings,
    trainer_settings: TrainerSettings,
    examples: BaseChannel,
    transform_graph: BaseChannel,
    base_model: BaseChannel | None,
) -> Tuner:
    recipe = trial_recipe(trainer_settings.training, search)
    settings = TunerFnSettings(**dict(trainer_settings) | {"training": recipe, "tuner": search})
    return Tuner(
        tuner_fn="models.tuner.tuner_fn.tuner_fn",
        examples=examples,
        transform_graph=transform_graph,
        base_model=base_model,
        train_args=trainer_pb2.TrainArgs(splits=["train"], num_steps=recipe.steps),
        eval_args=trainer_pb2.EvalArgs(splits=[]),
        custom_config=settings.model_dump(mode="json"),
    )
