"""The one exception that stands for a user's mistake."""


class UserError(Exception):
    """Something the user gave us is wrong: a path, a record, a label map, a configuration value.

    The message is a sentence for that user: what was wrong, where, what was expected and what to do. The command
    line prints it as it is, without a stack trace, and exits with 1.
    """
