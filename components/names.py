"""The components of the pipeline, by the names of their tasks."""

BEAM = ("SegmentationExampleGen", "StatisticsGen", "LeakGuard", "Transform", "Evaluator")  # those whose work Beam does
COMPONENTS = (
    "SegmentationExampleGen",
    "CuratedSchema",
    "StatisticsGen",
    "ExampleValidator",
    "AnomalyGuard",
    "LeakGuard",
    "Transform",
    "Tuner",
    "InitialModel",
    "Trainer",
    "Baseline",
    "Evaluator",
    "Servability",
    "Gate",
    "Pusher",
    "Report",
    "MlflowTracker",
)
