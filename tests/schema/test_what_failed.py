"""What is told of a failed call, of errors as TensorFlow raises them."""

import pytest
import tensorflow as tf

from schema.what_failed import what_failed


@tf.function
def _refuse(value):
    tf.debugging.assert_equal(value, 1, "the value is not 1")
    return value


def test_of_a_failed_graph_it_is_the_assertion_and_no_trace():
    with pytest.raises(tf.errors.InvalidArgumentError) as refused:
        _refuse(tf.constant(2))
    assert len(str(refused.value).splitlines()) > 5
    told = what_failed(refused.value)
    assert "the value is not 1" in told and "[[" not in told and "\n" not in told


@pytest.mark.parametrize(
    "message, told",
    [("", "no message"), ("\n \n", "no message"), ("one line", "one line"), ("where\nwhat \n\t [[node]]", "what")],
)
def test_of_any_other_error_it_is_the_last_line(message, told):
    assert what_failed(ValueError(message)) == told
