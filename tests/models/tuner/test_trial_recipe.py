from models.recipe.training_settings import TrainingSettings
from models.tuner.settings import SearchSettings, TunerSettings
from models.tuner.trial_recipe import trial_recipe

SEARCH = SearchSettings(learning_rate=(0.001, 0.02))


def test_the_schedule_shrinks_and_all_else_stays():
    training = TrainingSettings(
        steps=1000, warmup_steps=99, held_out=0.25, validate_every=10, early_stopping=3, learning_rate=0.5, batch_size=3
    )
    recipe = trial_recipe(training, TunerSettings(steps=100, search=SEARCH))
    # 99 of 1000 steps are 9.9 of 100; measured once, when the hundredth is done, and never stopped before.
    changed = {"steps": 100, "warmup_steps": 9, "validate_every": 100, "early_stopping": None}
    assert recipe.model_dump() == training.model_dump() | changed


def test_more_steps_of_the_run_alone_are_no_other_search():
    tuner = TunerSettings(steps=100, search=SEARCH)
    one, other = (trial_recipe(TrainingSettings(steps=steps, held_out=0.25), tuner) for steps in (1000, 9000))
    assert one == other
