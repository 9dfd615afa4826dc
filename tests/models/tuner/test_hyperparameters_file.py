from models.tuner.hyperparameters_file import read_hyperparameters, save_hyperparameters


def test_what_was_chosen_is_read_back_and_nothing_where_no_tuner_had_a_say(tmp_path):
    assert read_hyperparameters(str(tmp_path)) == {}
    save_hyperparameters(str(tmp_path), {"learning_rate": 0.0123, "class_balance": 0})
    assert read_hyperparameters(str(tmp_path)) == {"learning_rate": 0.0123, "class_balance": 0}
