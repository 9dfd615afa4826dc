"""The report of a run: a page for people and figures for programs."""

import json

from tfx import v1 as tfx

from components.leak_guard.leak_findings import LeakFindings
from components.report.write_report import write_report


class SegmentationReport(tfx.dsl.Artifact):
    """A folder of `index.html` and `metrics.json`."""

    TYPE_NAME = "components.SegmentationReport"  # see components/__init__.py


@tfx.dsl.components.component
def Report(  # noqa: N802
    evaluation: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ModelEvaluation],
    blessing: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ModelBlessing],
    baseline: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    model_run: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ModelRun],
    pushed_model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.PushedModel],
    examples: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Examples],
    statistics: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ExampleStatistics],
    anomalies: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.ExampleAnomalies],
    leak_findings: tfx.dsl.components.InputArtifact[LeakFindings],
    report: tfx.dsl.components.OutputArtifact[SegmentationReport],
    settings: tfx.dsl.components.Parameter[str],
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
