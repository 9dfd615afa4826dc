from tfx.dsl.components.base.executor_spec import BeamExecutorSpec

from components.names import BEAM, COMPONENTS
from pipeline.create_pipeline import Places, create_pipeline
from tests.kubeflow.cluster_config import EVERY_OPTION, LEAST, cluster_config
from tests.kubeflow.compiled_pipeline import CLASSES

PLACES = Places(data="/data", root="/root", serving="/serving", checkpoints="/checkpoints")


def wired(folder, text: str) -> list:
    return list(create_pipeline(cluster_config(folder, text), CLASSES, "", PLACES).components)


def test_components_are_named_as_they_are_wired(tmp_path):
    with_every_option = [component.id for component in wired(tmp_path, EVERY_OPTION)]
    assert sorted(with_every_option) == sorted(COMPONENTS)
    without = [component.id for component in wired(tmp_path, LEAST)]
    assert set(COMPONENTS) - set(without) == {"Tuner", "InitialModel", "MlflowTracker", "BulkInferrer"}


def test_those_of_beam_are_those_whose_executor_is_beams(tmp_path):
    components = wired(tmp_path, EVERY_OPTION)
    assert {each.id for each in components if isinstance(each.executor_spec, BeamExecutorSpec)} == set(BEAM)
