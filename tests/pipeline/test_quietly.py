import logging

import pytest

from pipeline.quietly import quietly


def test_warnings_are_left_out_and_errors_are_not(caplog):
    logger = logging.getLogger("some.library")
    with quietly():
        logger.warning("hidden")
        logger.error("shown")
    logger.warning("shown again")
    assert caplog.messages == ["shown", "shown again"]


def test_it_ends_with_an_exception_too(caplog):
    with pytest.raises(KeyError), quietly():
        raise KeyError
    logging.getLogger("some.library").warning("shown")
    assert caplog.messages == ["shown"]
