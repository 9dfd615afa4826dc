"""What an exported model said when a call of it failed."""


def what_failed(error: Exception) -> str:
    """One line of TensorFlow's many: it stands behind where it happened (a stack trace) and before the nodes' names."""
    lines = str(error).partition("\n\t [[")[0].strip().splitlines()
    return lines[-1].strip() if lines else "no message"
