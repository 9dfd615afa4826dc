"""What is left here of a run in MLflow."""

from tfx.types.artifact import Artifact

RECORD = "tracking.json"


class MlflowRun(Artifact):
    """A folder of `tracking.json`.

    It says `tracked`, `uri` (the server's) and `experiment` (its name); where tracked, `experiment_id`, `run_id` and
    `url`, else `reason`.
    """

    TYPE_NAME = "components.MlflowRun"  # see components/__init__.py
