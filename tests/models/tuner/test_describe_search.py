from models.tuner.describe_search import describe_results, describe_space, describe_values
from models.tuner.settings import SearchSettings, TunerSettings


def test_the_space_in_a_line():
    search = SearchSettings(learning_rate=(0.001, 0.02), weight_decay=(0, 1e-5, 1e-3))
    assert describe_space(TunerSettings(trials=4, steps=50, search=search)) == (
        "4 trials of 50 steps; learning_rate 0.001 to 0.02, weight_decay 0 or 1e-05 or 0.001"
    )


def test_values_in_a_line():
    assert (
        describe_values({"learning_rate": 0.00123456, "class_balance": 0}) == "learning_rate 0.001235, class_balance 0"
    )


def test_a_row_a_trial_and_a_star_at_the_best():
    trials = [({"learning_rate": 0.02}, 0.25), ({"learning_rate": 0.00123456}, 0.5), ({"learning_rate": 9.0}, None)]
    assert describe_results(trials).splitlines() == [
        "   trial  learning_rate  mean IoU",
        "       1           0.02    0.2500",
        "*      2       0.001235    0.5000",
        "       3              9    failed",
    ]
