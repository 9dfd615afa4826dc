"""The components of the pipeline, by the names of their tasks."""

BEAM = ("SegmentationExampleGen", "StatisticsGen", "Transform", "Evaluator")  # those whose work Beam does
COMPONENTS = (
    "SegmentationExampleGen",
    "CuratedSchema",
    "StatisticsGen",
    "ExampleValidator",
    "AnomalyGuard",
    "Transform",
    "Trainer",
    "Baseline",
    "Evaluator",
    "Gate",
    "Pusher",
    "Report",
    "MlflowTracker",
)
