"""The components of the pipeline, by the names of their tasks."""

# Those whose work Beam does.
BEAM = ("SegmentationExampleGen", "StatisticsGen", "LeakGuard", "Transform", "Evaluator", "BulkInferrer")
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
    "BulkInferrer",
)
