"""How TFX's InfraValidator is wired. There is no Docker here: what it would ask, and what follows from its answer."""

from __future__ import annotations

import json

import pytest
import tensorflow as tf
from tfx import v1 as tfx
from tfx.components.infra_validator import serving_bins
from tfx.components.infra_validator.executor import Executor
from tfx.components.infra_validator.request_builder import build_requests
from tfx.proto import infra_validator_pb2
from tfx.utils import proto_utils

from pipeline.create_pipeline import Places, create_pipeline
from schema.user_error import UserError
from tests.components.report.fake_model import encode, save_fake_model
from tests.components.run_executor import make_artifact, make_examples, run_executor
from tests.kubeflow.cluster_config import LEAST, cluster_config
from tests.kubeflow.compiled_pipeline import CLASSES, compiled

artifacts = tfx.types.standard_artifacts
PLACES = Places(data="/data", root="/root", serving="/serving", checkpoints="/checkpoints")
IMAGE = "servability.tensorflow_serving=registry:5000/serving:2.16.1"


def _wired(folder, *overrides: str) -> dict:
    config = cluster_config(folder, LEAST, *overrides)
    return {component.id: component for component in create_pipeline(config, CLASSES, "", PLACES).components}


def _source(component, key: str) -> str:
    return component.inputs[key].producer_component_id


def test_its_blessing_is_the_gates_and_the_pushers(tmp_path):
    components = _wired(tmp_path, IMAGE)
    validator = components["InfraValidator"]
    assert (_source(validator, "model"), _source(validator, "examples")) == ("Trainer", "SegmentationExampleGen")
    assert _source(components["Gate"], "infra") == "InfraValidator"
    assert _source(components["Gate"], "servability") == "Servability"
    assert _source(components["Pusher"], "infra_blessing") == "InfraValidator"
    assert _source(components["Pusher"], "model_blessing") == "Gate"


def test_without_it_servabilitys_blessing_is_the_pushers(tmp_path):
    components = _wired(tmp_path)
    assert "InfraValidator" not in components and "infra" not in components["Gate"].inputs
    assert _source(components["Pusher"], "infra_blessing") == "Servability"


def test_it_does_not_try_the_model_anew_in_servability(tmp_path):
    settings = [_wired(tmp_path, *overrides)["Servability"].exec_properties for overrides in ((), (IMAGE,))]
    assert settings[0] == settings[1]


def test_kubeflow_is_told_in_a_sentence(tmp_path):
    with pytest.raises(UserError) as caught:
        compiled(tmp_path, LEAST, IMAGE)
    assert str(caught.value) == (
        "servability.tensorflow_serving: TFX's InfraValidator does not compile for Kubeflow; leave that key out, as "
        "--set servability.tensorflow_serving=null does"
    )


@pytest.fixture
def tried(tmp_path):
    """A model and two splits, as artifacts."""
    model = make_artifact(artifacts.Model, tmp_path / "model")
    save_fake_model(tmp_path / "model" / "Format-Serving", tmp_path)
    records = [_record(encode([[level]])) for level in (0, 150, 250)]
    examples = make_examples(tmp_path / "examples", {"train": [_record(encode([[99]]))], "eval": records})
    return {"model": model, "examples": examples}, records


def _record(image: bytes) -> bytes:
    feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[image]))
    return tf.train.Example(features=tf.train.Features(feature={"image/encoded": feature})).SerializeToString()


def test_it_asks_the_image_for_masks_of_evaluated_examples(tried, tmp_path):
    inputs, records = tried
    properties = _wired(tmp_path, IMAGE, "servability.images=3")["InfraValidator"].exec_properties
    serving = proto_utils.json_to_proto(properties["serving_spec"], infra_validator_pb2.ServingSpec())
    assert [binary.image for binary in serving_bins.parse_serving_binaries(serving)] == ["registry:5000/serving:2.16.1"]
    spec = proto_utils.json_to_proto(properties["request_spec"], infra_validator_pb2.RequestSpec())
    requests = build_requests("model", inputs["model"], inputs["examples"], spec)
    assert [request.model_spec.signature_name for request in requests] == ["from_examples"] * 3
    asked = [request.inputs["examples"].string_val[0] for request in requests]
    assert sorted(asked) == sorted(records)  # TFX shuffles


def test_without_a_daemon_a_model_is_not_blessed(tried, tmp_path, monkeypatch):
    """One that stops after the run has begun."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    validator = _wired(tmp_path, IMAGE)["InfraValidator"]
    assert json.loads(validator.exec_properties["serving_spec"])["local_docker"]["client_base_url"].endswith("/no.sock")
    blessing = make_artifact(artifacts.InfraBlessing, tmp_path / "blessing")
    assert validator.executor_spec.executor_class is Executor
    run_executor(type(validator), tmp_path / "scratch", tried[0], {"blessing": blessing}, validator.exec_properties)
    assert blessing.get_int_custom_property("blessed") == 0
    assert [path.name for path in (tmp_path / "blessing").iterdir()] == ["INFRA_NOT_BLESSED"]
