"""The report of a run: a page for people and figures for programs."""

import json

from tfx.dsl.component.experimental.annotations import InputArtifact, OutputArtifact, Parameter
from tfx.dsl.component.experimental.decorators import component
from tfx.types import standard_artifacts
from tfx.types.artifact import Artifact

from components.leak_guard.leak_findings import LeakFindings
from components.report.write_report import write_report


class SegmentationReport(Artifact):
    """A folder of `index.html` and `metrics.json`."""

    TYPE_NAME = "components.SegmentationReport"  # see components/__init__.py


@component
def Report(  # noqa: N802
    evaluation: InputArtifact[standard_artifacts.ModelEvaluation],
    blessing: InputArtifact[standard_artifacts.ModelBlessing],
    baseline: InputArtifact[standard_artifacts.Model],
    model: InputArtifact[standard_artifacts.Model],
    model_run: InputArtifact[standard_artifacts.ModelRun],
    pushed_model: InputArtifact[standard_artifacts.PushedModel],
    examples: InputArtifact[standard_artifacts.Examples],
    statistics: InputArtifact[standard_artifacts.ExampleStatistics],
    anomalies: InputArtifact[standard_artifacts.ExampleAnomalies],
    leak_findings: InputArtifact[LeakFindings],
    report: OutputArtifact[SegmentationReport],
    settings: Parameter[str],
):
    """Wires `write_report`; `settings` is a JSON object of what that takes."""
    artifacts = {
        "evaluation": evaluation,
        "blessing": blessing,
        "baseline": baseline,
        "model": model,
        "model_run": model_run,
        "pushed_model": pushed_model,
        "examples": examples,
        "statistics": statistics,
        "anomalies": anomalies,
        "leak_findings": leak_findings,
    }
    write_report(artifacts, json.loads(settings), report.uri)
