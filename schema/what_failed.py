"""The one line of a library's error that people can use."""


def what_failed(error: Exception) -> str:
    """The last line of its message: a stack trace may stand before it, and TensorFlow's names of nodes after it."""
    lines = str(error).partition("\n\t [[")[0].strip().splitlines()
    return lines[-1].strip() if lines else "no message"
