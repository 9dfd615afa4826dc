"""What is told of an error, TensorFlow's as it raises them."""

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
    ("message", "told"),
    [
        ("", ""),
        ("\n \n", ""),
        ("too small", "too small"),
        ("Traceback:\n  File x\nOSError: disk full [in 'Write']\n", "OSError: disk full [in 'Write']"),
        ("Graph execution error:\n\nSeen at X\nOOM when allocating\n\t [[{{node X}}]] [Op:f]", "OOM when allocating"),
    ],
)  # fmt: skip
def test_of_any_other_error_it_is_the_last_line(message, told):
    assert what_failed(RuntimeError(message)) == told
