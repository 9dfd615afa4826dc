"""What the leak guard found, as an artifact."""

from tfx.types.artifact import Artifact


class LeakFindings(Artifact):
    """A folder of `findings.json`.

    It says `images` and `flat` (those of one colour, which are compared by their names alone) by split; of every kind
    in `components.leak_guard.finding.PAIRS` the `count` and the first `pairs`, each `[distance, [split, name], [split,
    name]]`; `distance`, up to which images are near-duplicates, or null where they were not looked for; and
    `uncompared`, the pictures that were not compared with all others.
    """

    TYPE_NAME = "components.LeakFindings"  # see components/__init__.py
