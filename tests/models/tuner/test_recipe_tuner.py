"""The search itself, with trainings that are computed on paper."""

import json
import logging
import math
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.network.model_settings import ModelSettings
from models.recipe.training_settings import TrainingSettings
from models.tuner import recipe_tuner
from models.tuner.recipe_tuner import RecipeTuner
from models.tuner.settings import SearchSettings, TunerSettings
from models.tuner.tuner_fn_settings import TunerFnSettings
from schema.user_error import UserError

SEARCH = SearchSettings(learning_rate=(0.001, 1.0), class_balance=(0, 0.5, 1))


class Trainings:
    """Stands for `train`: the nearer the learning rate to 0.03, the better; writes down what was asked."""

    def __init__(self, monkeypatch) -> None:
        self.asked: list[TrainingSettings] = []
        self.fail: dict[int, Exception] = {}
        monkeypatch.setattr(recipe_tuner, "train", self)
        monkeypatch.setattr(recipe_tuner, "clear_session", lambda: None)  # which collects all garbage of the tests

    def __call__(self, settings, *inputs):
        assert inputs == (["train/*"], "/graph", None)
        self.asked.append(settings.training)
        kept = Path(settings.checkpoints) / "training"
        kept.mkdir(parents=True)
        if error := self.fail.get(len(self.asked)):
            kept.rmdir()
            raise error
        checkpoints = SimpleNamespace(remove=kept.rmdir)
        return SimpleNamespace(best_mean_iou=score(settings.training.learning_rate), checkpoints=checkpoints)

    @property
    def rates(self) -> list[float]:
        return [training.learning_rate for training in self.asked]


def score(learning_rate: float) -> float:
    return 1 / (1 + abs(math.log(learning_rate / 0.03)))


@pytest.fixture
def trainings(monkeypatch) -> Trainings:
    return Trainings(monkeypatch)


@pytest.fixture
def tuner(tmp_path):
    """Makes a search of six trials, each as a process of its own would."""
    made = []

    def make(seed: int = 0, search: SearchSettings = SEARCH) -> RecipeTuner:
        settings = TunerFnSettings(
            model=ModelSettings(weights="none"),
            training=TrainingSettings(steps=20, held_out=0.25, learning_rate=0.5, weight_decay=0.0),
            label_map={},
            seed=seed,
            checkpoints=str(tmp_path / "checkpoints"),
            tuner=TunerSettings(trials=6, steps=20, search=search),
        )
        made.append(settings)
        return RecipeTuner(settings, ["train/*"], "/graph", None, directory=str(tmp_path / f"working-{len(made)}"))

    return make


def best(tuner: RecipeTuner) -> dict:
    return tuner.get_best_hyperparameters()[0].values


def test_the_best_of_the_trials_is_chosen_and_the_first_has_the_recipes_own_values(trainings, tuner, tmp_path):
    search = tuner()
    search.search()
    first, *others = trainings.asked
    assert len(others) == 5
    assert (first.learning_rate, first.class_balance) == (0.5, 0)
    assert all(0.001 <= other.learning_rate <= 1 and other.class_balance in (0, 0.5, 1) for other in others)
    assert len(set(trainings.rates)) == 6
    assert {(each.steps, each.held_out, each.weight_decay) for each in trainings.asked} == {(20, 0.25, 0.0)}
    chosen = min(trainings.asked, key=lambda training: abs(math.log(training.learning_rate / 0.03)))
    assert best(search) == {"learning_rate": chosen.learning_rate, "class_balance": chosen.class_balance}
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_rates_are_drawn_by_their_logarithm(trainings, tuner):
    """Uniformly drawn from 0.001 to 1, hardly one of them would be below 0.03, the middle by logarithm."""
    for seed in range(8):
        tuner(seed).search()
    drawn = [rate for rate in trainings.rates if rate != 0.5]
    assert 10 <= sum(rate < 0.03162 for rate in drawn) <= 30
    assert len(drawn) == 40


def test_a_search_that_was_killed_goes_on_behind_the_last_trial_that_was_done(trainings, tuner, tmp_path):
    whole = tuner()
    whole.search()
    expected, trainings.asked = trainings.asked, []

    trainings.fail = {4: KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        tuner().search()
    assert trainings.asked == expected[:4]
    results = sorted((tmp_path / "checkpoints").glob("*/*.json"))
    assert [json.loads(path.read_text()) for path in results] == [
        {"mean_iou": score(training.learning_rate)} for training in expected[:3]
    ]

    trainings.asked, trainings.fail = [], {}
    resumed = tuner()
    resumed.search()
    assert trainings.asked == expected[3:]
    assert best(resumed) == best(whole)
    assert [trial.score for trial in resumed.oracle.get_best_trials(6)] == [
        trial.score for trial in whole.oracle.get_best_trials(6)
    ]
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_results_of_another_search_are_not_taken(trainings, tuner):
    trainings.fail = {3: KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        tuner(seed=1).search()
    trainings.asked, trainings.fail = [], {}
    tuner(seed=2).search()
    assert len(trainings.asked) == 6


def test_a_training_that_fails_is_a_failed_trial_and_not_the_end(trainings, tuner, caplog):
    caplog.set_level(logging.INFO, "segpipe.tuner")
    trainings.fail = {number: UserError(f"the loss is nan at step {number}") for number in (1, 2, 3, 4)}
    search = tuner()
    search.search()
    assert len(trainings.asked) == 6
    assert best(search)["learning_rate"] in trainings.rates[4:]
    search.results_summary()
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 4
    assert warnings[0] == "trial 1 of 6 failed, with learning_rate 0.5, class_balance 0: the loss is nan at step 1"
    table = caplog.records[-1]
    assert [line.split()[-1] for line in table.getMessage().splitlines()[2:6]] == ["failed"] * 4
    assert table.getMessage().count("*") == 1 and table.lasting


def test_where_no_trial_comes_to_its_end_there_is_no_recipe(trainings, tuner, tmp_path):
    trainings.fail = {number: UserError("the weights cannot be had") for number in range(1, 7)}
    with pytest.raises(UserError, match="none of the tuner's 6 trials came to its end; the last one: the weights"):
        tuner().search()
    assert list((tmp_path / "checkpoints").iterdir()) == []  # so that the next run tries again


def test_what_is_nobodys_mistake_ends_the_search_as_it_is(trainings, tuner):
    trainings.fail = {2: ZeroDivisionError("a bug")}
    with pytest.raises(ZeroDivisionError, match="a bug"):
        tuner().search()
    assert len(trainings.asked) == 2


def test_choices_that_are_all_tried_end_the_search(trainings, tuner):
    tuner(search=SearchSettings(class_balance=(0, 0.5, 1))).search()
    assert sorted(training.class_balance for training in trainings.asked) == [0, 0.5, 1]


def test_says_what_is_searched_and_how_each_trial_goes(trainings, tuner, caplog, capsys):
    caplog.set_level(logging.INFO, "segpipe.tuner")
    search = tuner()
    search.search_space_summary()
    search.search()
    said = [record.getMessage() for record in caplog.records]
    assert said[:3] == [
        "6 trials of 20 steps; learning_rate 0.001 to 1, class_balance 0 or 0.5 or 1",
        "trial 1 of 6: learning_rate 0.5, class_balance 0",
        f"trial 1 of 6: mean IoU {1 / (1 + math.log(0.5 / 0.03)):.4f} on the held-out images",
    ]
    assert len(said) == 13
    assert capsys.readouterr() == ("", "")
