"""Types of artifacts of our own: `components/__init__.py` has them by the names that Kubeflow looks for."""

import subprocess
import sys

import pytest
from kfp.pipeline_spec import pipeline_spec_pb2
from tfx.orchestration.kubeflow.v2 import compiler_utils
from tfx.orchestration.kubeflow.v2.container.kubeflow_v2_entrypoint_utils import parse_raw_artifact_dict

import components
from components.leak_guard.leak_findings import LeakFindings
from components.mlflow_tracker.mlflow_run import MlflowRun
from components.report.component import SegmentationReport

TYPES = pytest.mark.parametrize("kind", [LeakFindings, SegmentationReport, MlflowRun])


@TYPES
def test_the_type_is_found_by_its_name(kind):
    package, name = kind.TYPE_NAME.split(".")
    assert (package, getattr(components, name)) == ("components", kind)


@TYPES
def test_a_task_on_kubeflow_gets_an_artifact_of_the_type(kind):
    schema = compiler_utils.get_artifact_schema(kind)  # refuses names that are not as TFX has them
    artifact = pipeline_spec_pb2.RuntimeArtifact(
        name="1", uri="/made", type=pipeline_spec_pb2.ArtifactTypeSchema(instance_schema=schema)
    )
    (parsed,) = parse_raw_artifact_dict({"made": pipeline_spec_pb2.ArtifactList(artifacts=[artifact])})["made"]
    assert (type(parsed), parsed.uri) == (kind, "/made")


def test_what_is_no_type_is_not_found():
    with pytest.raises(AttributeError, match="module 'components' has no attribute 'SegmentationRaport'"):
        _ = components.SegmentationRaport


def test_the_package_imports_no_tfx_until_it_is_asked():
    script = "import sys, components; print([name for name in sys.modules if name.startswith(('tfx', 'components.'))])"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert ended.stdout == "[]\n"
