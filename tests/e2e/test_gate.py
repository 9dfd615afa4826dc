"""The gate, through the real Evaluator, Pusher and report: what is pushed has earned it."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from tfx import v1 as tfx
from tfx.utils import io_utils, path_utils

from components.curated_schema import CuratedSchema
from components.leak_guard.component import LeakGuard
from components.segmentation_example_gen.component import SegmentationExampleGen
from datasets.shapes import SHAPES_LABEL_MAP, shapes_samples
from datasets.write_records import write_records
from models.training.training_log import FILE_NAME
from pipeline.beam.beam_args import beam_args
from pipeline.config import Config
from pipeline.local_runner import metadata_connection, run_pipeline
from pipeline.release_components import Trained, release_components
from schema.label_map import LabelMap
from tests.e2e.oracle import save_oracle

pytestmark = pytest.mark.slow


@tfx.dsl.components.component
def ReadyModel(  # noqa: N802
    model: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.Model],
    model_run: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.ModelRun],
    path: tfx.dsl.components.Parameter[str],
):
    """Stands in for the Trainer: gives out a SavedModel that exists, and the log of a training of two steps."""
    io_utils.copy_dir(path, path_utils.serving_model_dir(model.uri))
    io_utils.write_string_file(f"{model_run.uri}/{FILE_NAME}", "step,loss,learning_rate\n1,2.0,0.1\n2,1.0,0.05\n")


class Release:
    """A run directory in which ready models come up for release, one after another."""

    def __init__(self, run_dir: Path, data: Path) -> None:
        self.run_dir = run_dir
        self.data = data

    def __call__(self, model: Path, label_map: LabelMap = SHAPES_LABEL_MAP, slices: tuple[str, ...] = (), **gate):
        config = Config.model_validate(
            {
                "name": "gate",
                "run_dir": self.run_dir,
                "data": {"path": self.data},
                "evaluation": {"slices": slices, "gate": {"min_mean_iou": 0.3, **gate}},
                "servability": {"enabled": False},  # an oracle serves nobody
                "report": {"examples": 1},
            }
        )

        example_gen = SegmentationExampleGen(
            str(self.data), {"train": "train-*", "eval": "val-*"}, SHAPES_LABEL_MAP.to_dict()
        )
        schema = CuratedSchema(text=files("schema").joinpath("schema.pbtxt").read_text())
        ready = ReadyModel(path=str(model))
        made = {"examples": example_gen.outputs["examples"], "schema": schema.outputs["schema"]}
        statistics = tfx.components.StatisticsGen(**made)
        validator = tfx.components.ExampleValidator(statistics.outputs["statistics"], made["schema"])
        leak_guard = LeakGuard(made["examples"])
        trained = Trained(
            **made,
            statistics=statistics.outputs["statistics"],
            anomalies=validator.outputs["anomalies"],
            leak_findings=leak_guard.outputs["findings"],
            model=ready.outputs["model"],
            model_run=ready.outputs["model_run"],
        )
        release = release_components(config, label_map, str(self.run_dir / "serving"), trained)
        self.run_dir.mkdir(exist_ok=True)
        pipeline = tfx.dsl.Pipeline(
            pipeline_name="gate",
            pipeline_root=str(self.run_dir / "root"),
            components=[example_gen, schema, statistics, validator, leak_guard, ready, *release],
            enable_cache=True,
            metadata_connection_config=metadata_connection(self.run_dir),
            beam_pipeline_args=beam_args(config.beam, "Evaluator"),
        )
        self.states = {}
        outcome = run_pipeline(pipeline, self.run_dir, lambda name, state, _: self.states.__setitem__(name, state))
        assert json.loads((self.run_dir / "report" / "metrics.json").read_text()) == outcome
        return outcome

    @property
    def versions(self) -> list[Path]:
        serving = self.run_dir / "serving"
        return sorted(serving.iterdir()) if serving.exists() else []


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("data") / "shapes"
    write_records(shapes_samples(train=2, val=6), SHAPES_LABEL_MAP, out)
    return out


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    return {name: save_oracle(folder / name, share, SHAPES_LABEL_MAP) for name, share in SHARES.items()}


SHARES = {"poor": 0.1, "fair": 0.6, "good": 0.8, "best": 1.0}


@pytest.fixture
def release(tmp_path, data) -> Release:
    return Release(tmp_path / "run", data)


def test_a_model_has_to_earn_its_push(release, models):
    # (a) Poor: not blessed, not pushed, and the report says which bound was missed and by how much.
    poor = release(models["poor"])
    assert not poor["verdict"]["blessed"] and not poor["verdict"]["pushed"] and not release.versions
    (rule,) = poor["verdict"]["rules"]
    assert not rule["passed"] and rule["bound"] == 0.3
    page = (release.run_dir / "report" / "index.html").read_text()
    assert f"{0.3 - poor['mean_iou']:.4f} below the least allowed, 0.3000" in page

    # The first that is good enough is pushed on the value alone, and the verdict says that it is the first.
    good = release(models["good"])
    assert good["verdict"]["pushed"] and good["baseline"]["state"] == "first"
    assert [str(path) for path in release.versions] == [good["verdict"]["path"]]
    assert (release.versions[0] / "saved_model.pb").read_bytes() == (models["good"] / "saved_model.pb").read_bytes()

    # (b) A later, worse one reaches the least value and still does not replace it.
    fair = release(models["fair"])
    assert fair["mean_iou"] > 0.3 and not fair["verdict"]["blessed"] and len(release.versions) == 1
    assert [rule["passed"] for rule in fair["verdict"]["rules"]] == [True, False]
    assert fair["baseline"]["mean_iou"] == pytest.approx(good["mean_iou"])
    assert fair["baseline"]["version"] == good["verdict"]["version"]

    # ... unless it is allowed to be that much worse.
    assert release(models["fair"], max_mean_iou_drop=good["mean_iou"] - fair["mean_iou"] + 1e-6)["verdict"]["pushed"]

    # (c) A better one replaces it.
    best = release(models["best"])
    assert best["verdict"]["pushed"] and best["mean_iou"] == 1.0 and len(release.versions) == 3
    assert str(release.versions[-1]) == best["verdict"]["path"]


def test_a_repeated_run_executes_nothing_and_pushes_nothing(release, models):
    first = release(models["good"])
    again = release(models["good"])
    assert set(release.states.values()) == {"cached"}
    assert again == first and len(release.versions) == 1


def test_a_pushed_model_that_was_removed_is_pushed_again_and_nothing_else_is_done(release, models):
    first = release(models["good"])
    shutil.rmtree(first["verdict"]["path"])
    again = release(models["good"])
    assert {name for name, state in release.states.items() if state == "done"} == {"Pusher", "Report"}
    assert again["verdict"]["pushed"] and [str(path) for path in release.versions] == [again["verdict"]["path"]]
    release(models["good"])
    assert set(release.states.values()) == {"cached"}


def test_a_changed_bound_pushes_no_copy_of_what_serves(release, models):
    first = release(models["good"])
    again = release(models["good"], min_mean_iou=0.2)
    assert again["verdict"]["pushed"] and again["verdict"]["path"] == first["verdict"]["path"]
    assert len(release.versions) == 1


def test_what_was_measured_before_another_push_is_measured_again(release, models):
    """A candidate that missed an earlier bound may not slip in under a lower one past what was pushed since."""
    assert not release(models["fair"], min_mean_iou=0.9)["verdict"]["blessed"]
    assert release(models["best"])["verdict"]["pushed"]
    late = release(models["fair"], min_mean_iou=0.3)
    assert late["baseline"]["state"] == "found" and not late["verdict"]["blessed"] and len(release.versions) == 1


def test_a_class_that_collapses_blocks_though_the_mean_rises(release, models, tmp_path):
    assert release(models["fair"])["verdict"]["pushed"]
    blind = save_oracle(tmp_path / "blind", 1.0, SHAPES_LABEL_MAP, blind=4)
    outcome = release(blind, max_class_iou_drop=0.05)
    assert outcome["mean_iou"] > outcome["baseline"]["mean_iou"] and outcome["iou"]["star"] == 0.0
    assert [rule["passed"] for rule in outcome["verdict"]["rules"]] == [True, True, False]
    assert outcome["verdict"]["rules"][2]["class"] == "star" and len(release.versions) == 1
    # A changed gate decides anew on what was measured: the Evaluator does not run again.
    assert release(blind)["verdict"]["pushed"]
    assert release.states["Evaluator"] == "cached" and release.states["Gate"] == "done"


def test_a_slice_can_be_gated_and_an_absent_one_is_not_passed_over(release, models):
    sizes = release(models["good"], slices=("image/size", "class/present"), min_mean_iou=1.0)["slices"]
    (size,) = [entry for entry in sizes if entry["slice"] == {"image/size": "up to 256"}]
    assert size["images"] == 6 and {"class/present": "star"} in [entry["slice"] for entry in sizes]
    for value, passed in (("up to 256", True), ("over 1024", False)):
        rule = {"metric": "mean_iou", "where": {"image/size": value}, "min": 0.3}
        outcome = release(models["good"], slices=("image/size", "class/present"), rules=[rule])
        assert outcome["verdict"]["rules"][-1]["passed"] is passed


def test_an_incompatible_baseline_is_reported_and_blocks_only_where_that_is_asked(release, models, tmp_path):
    assert release(models["good"])["verdict"]["pushed"]
    names = ("ground", *SHAPES_LABEL_MAP.names[1:])
    renamed = LabelMap(names, SHAPES_LABEL_MAP.colors)
    model = save_oracle(tmp_path / "renamed", 0.7, renamed)
    strict = release(model, label_map=renamed, incompatible_baseline="require")
    assert not strict["verdict"]["pushed"] and "background, ground" in strict["verdict"]["rules"][-1]["sentence"]
    outcome = release(model, label_map=renamed)
    assert outcome["verdict"]["pushed"] and outcome["baseline"]["state"] == "incompatible"
    assert "background, ground" in outcome["baseline"]["reason"]
    assert "background, ground" in (release.run_dir / "report" / "index.html").read_text()
