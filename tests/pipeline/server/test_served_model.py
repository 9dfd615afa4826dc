"""Versions that come while one is served."""

import logging
import threading

import pytest

from pipeline.server.served_model import ServedModel
from schema.user_error import UserError
from tests.components.report.fake_model import LABEL_MAP, encode, save_fake_model


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory):
    return save_fake_model(tmp_path_factory.mktemp("serving") / "model", tmp_path_factory.mktemp("scratch"))


@pytest.fixture
def serving(model_dir, tmp_path):
    folder = tmp_path / "serving"
    folder.mkdir()
    (folder / "100").symlink_to(model_dir, target_is_directory=True)
    return folder


def test_the_newest_of_a_run_is_served(serving, tmp_path):
    version = ServedModel(tmp_path).version
    assert (version.name, version.label_map) == ("100", LABEL_MAP)
    assert len(version.segment([encode([[0, 150]])])) == 1


def test_a_newer_one_takes_over_and_requests_under_way_keep_theirs(serving, model_dir):
    served = ServedModel(serving)
    before = served.version
    assert not served.refresh()
    (serving / "200").symlink_to(model_dir, target_is_directory=True)
    assert served.refresh() and served.version.name == "200"
    assert len(before.segment([encode([[0]])])) == 1
    assert not served.refresh()


def test_a_broken_one_is_told_once_and_not_served(serving, model_dir, caplog):
    served = ServedModel(serving)
    (serving / "200").mkdir()
    (serving / "200" / "saved_model.pb").write_bytes(b"nonsense")
    with caplog.at_level(logging.ERROR, "segpipe.serve"):
        assert not served.refresh() and not served.refresh()
    (record,) = caplog.records
    assert "version 200 is not served, 100 goes on" in record.getMessage()
    assert served.version.name == "100"
    (serving / "300").symlink_to(model_dir, target_is_directory=True)
    assert served.refresh() and served.version.name == "300"


def test_without_any_version_left_it_goes_on(serving):
    served = ServedModel(serving)
    (serving / "100").unlink()
    assert not served.refresh() and served.version.name == "100"


def test_an_older_one_is_served_again_where_the_newest_is_taken_back(serving, model_dir):
    (serving / "200").symlink_to(model_dir, target_is_directory=True)
    served = ServedModel(serving)
    assert served.version.name == "200"
    (serving / "200").unlink()
    assert served.refresh() and served.version.name == "100"


def test_it_looks_by_itself_until_it_is_stopped(serving, model_dir):
    served = ServedModel(serving)
    refreshed = threading.Event()
    served.refresh = refreshed.set  # type: ignore[method-assign]
    served.watch(0.01)
    assert refreshed.wait(10)
    served.stop()


def test_no_model_is_a_users_error(tmp_path):
    with pytest.raises(UserError, match="no model here"):
        ServedModel(tmp_path)
