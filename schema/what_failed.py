"""The one line of a library's error that people can use."""


def what_failed(error: Exception) -> str:
    """The last line of its message, maybe empty: a stack trace stands before it, TensorFlow's names of nodes behind."""
    lines = str(error).partition("\n\t [[")[0].strip().splitlines()
    return lines[-1].strip() if lines else ""
