from models.tuner.trial_results import TrialResults


def test_a_result_is_found_again_by_another_process(tmp_path):
    directory = str(tmp_path / "search")
    assert TrialResults(directory).get("3") is None
    TrialResults(directory).put("3", {"mean_iou": 0.25})
    TrialResults(directory).put("4", {"failure": "the loss is nan"})
    assert TrialResults(directory).get("3") == {"mean_iou": 0.25}
    assert TrialResults(directory).get("4") == {"failure": "the loss is nan"}
    assert TrialResults(directory).get("5") is None


def test_what_was_cut_off_while_it_was_written_is_no_result(tmp_path):
    (tmp_path / "partial").write_text('{"mean_i')
    results = TrialResults(str(tmp_path))
    assert results.get("0") is None
    results.put("0", {"mean_iou": 0.5})
    assert results.get("0") == {"mean_iou": 0.5}


def test_what_is_removed_is_one_search_and_nothing_beside_it(tmp_path):
    results = TrialResults(str(tmp_path / "ours"))
    results.remove()  # there is nothing yet
    results.put("0", {"mean_iou": 0.5})
    (tmp_path / "ours" / "a training").mkdir()
    (tmp_path / "another").mkdir()
    results.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["another"]
