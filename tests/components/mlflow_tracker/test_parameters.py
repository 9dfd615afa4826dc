from components.mlflow_tracker.parameters import parameters


def test_keys_are_those_of_set_and_lists_are_json():
    config = {
        "name": "roads",
        "seed": 1,
        "cache": True,
        "model": {"input_size": [512, 256], "weights": "none"},
        "evaluation": {"gate": {"max_class_iou_drop": None, "rules": [{"metric": "iou", "where": {}}]}},
    }
    assert parameters(config, {}) == {
        "name": "roads",
        "seed": "1",
        "cache": "true",
        "model.input_size": "[512, 256]",
        "model.weights": "none",
        "evaluation.gate.max_class_iou_drop": "null",
        "evaluation.gate.rules": '[{"metric": "iou", "where": {}}]',
    }


def test_a_long_value_is_cut():
    assert parameters({"path": "x" * 7000}, {}) == {"path": "x" * 6000}


def test_what_a_tuner_has_chosen_stands_for_what_the_configuration_says():
    config = {"seed": 1, "training": {"steps": 10, "learning_rate": 0.1}}
    assert parameters(config, {"learning_rate": 0.025}) == {
        "seed": "1",
        "training.steps": "10",
        "training.learning_rate": "0.025",
    }
