import pytest
from pydantic import ValidationError

from models.tuner.settings import SearchSettings, TunerSettings


def refusal(**search) -> str:
    with pytest.raises(ValidationError) as caught:
        SearchSettings.model_validate(search)
    return str(caught.value)


def test_two_numbers_of_a_rate_are_a_range_and_every_other_list_is_of_choices():
    search = SearchSettings(learning_rate=(0.001, 0.02), weight_decay=(0, 1e-4, 1e-3), class_balance=(0, 1))
    assert search.knobs == {"learning_rate": (0.001, 0.02), "weight_decay": (0, 1e-4, 1e-3), "class_balance": (0, 1)}
    assert [knob for knob in search.knobs if search.is_range(knob)] == ["learning_rate"]
    assert list(SearchSettings(class_balance=(0, 1)).candidates()) == [("class_balance", 0), ("class_balance", 1)]


def test_ten_trials_of_500_steps():
    tuner = TunerSettings(search=SearchSettings(learning_rate=(0.001, 0.02)))
    assert (tuner.trials, tuner.steps) == (10, 500)


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ({}, "should have one of learning_rate, weight_decay"),
        ({"learning_rate": (0, 0.1)}, "both should be above 0"),
        ({"weight_decay": (-1, 0.1)}, "both should be above 0"),
        ({"learning_rate": (0.1, 0.01)}, "from the least to the greatest"),
        ({"class_balance": (0, 0.5, 0.5)}, "from the least to the greatest"),
        ({"class_balance": (0, True)}, "should be a list of numbers"),
        ({"class_balance": (0.5,)}, "at least 2 items"),
        ({"class_balance": tuple(range(17))}, "at most 16 items"),
        ({"class_balance": 0.5}, "valid tuple"),
        ({"learning_rate": (0.1, float("nan"), 0.2)}, "finite number"),
        ({"steps": (1, 2)}, "Extra inputs"),
    ],
)
def test_nonsense_is_refused(search, words):
    assert words in refusal(**search)
