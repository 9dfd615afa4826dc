from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.data.augment_settings import AugmentSettings
from pipeline.config import Config, load_config
from schema.user_error import UserError

ROOT = Path(__file__).parents[2]


def refusal(file: Path, *overrides: str) -> str:
    with pytest.raises(UserError) as caught:
        load_config(file, overrides)
    return str(caught.value)


def append(file: Path, text: str) -> Path:
    file.write_text(file.read_text() + text)
    return file


@pytest.mark.parametrize("file", sorted(ROOT.glob("configs/*.yaml")), ids=lambda file: file.stem)
def test_every_configuration_of_the_project_is_right(file):
    config = load_config(file)
    assert config.name == file.stem
    assert config.run_dir == Path.cwd() / "runs" / file.stem


def test_defaults_fill_what_a_file_leaves_out(run_config):
    config = load_config(run_config)
    assert (config.training.optimizer, config.training.steps, config.model.input_size) == ("sgd", 30_000, (512, 512))


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("training.stpes=5", "training.stpes: unknown key; did you mean steps?"),
        ("learning_rate=0.1", "learning_rate: unknown key; did you mean training.learning_rate?"),
        ("learning_rat=0.1", "learning_rat: unknown key; did you mean training.learning_rate?"),
        ("model.batch_size=4", "model.batch_size: unknown key; did you mean training.batch_size?"),
        ("data.min_mean_iou=1", "data.min_mean_iou: unknown key; did you mean evaluation.gate.min_mean_iou?"),
        ("data.nmae=x", "data.nmae: unknown key; did you mean name?"),
        ("train={}", "train: unknown key; did you mean training or data.train?"),
        ("augmnt.flip=0.5", "augmnt: unknown key; did you mean augment?"),
        ("data.xyzzy=1", "data.xyzzy: unknown key; known are path, label_map, "),
        ("data.near_duplicates=stop", "data.near_duplicates: input should be 'warn', 'fail' or 'ignore', got 'stop'"),
        ("data.near_duplicate_distance=8", "data.near_duplicate_distance: input should be less than or equal to 7"),
        ("{on: 1}=1", "{on: 1}: unknown key; known are name, run_dir"),
        ("training.steps=many", "training.steps: input should be a valid integer"),
        ("training.steps=0", "training.steps: input should be greater than or equal to 1, got 0"),
        ("training.steps=1.5", "training.steps: input should be a valid integer"),
        ("training.steps=", "training.steps: input should be a valid integer, got None"),
        ("training.steps=true", "training.steps: should not be true or false, got True"),
        ("augment.flip=yes", "augment.flip: should not be true or false, got True"),
        ("model.input_size=true", "model.input_size: should not be true or false, got True"),
        ("training.learning_rate=.nan", "training.learning_rate: input should be a finite number, got nan"),
        ("training.learning_rate=.inf", "training.learning_rate: input should be a finite number, got inf"),
        ("training.learning_rate=inf", "training.learning_rate: input should be a finite number, got 'inf'"),
        ("augment.scale=[1, .nan]", "augment.scale.1: input should be a finite number, got nan"),
        ("augment.scale=[1]", "augment.scale: too few values, got [1]"),
        ("augment.scale=[1, 2, 3]", "augment.scale: list should have at most 2 items"),
        ("augment.scale=[2, 1]", "augment.scale: should be [low, high] with 0 < low <= high, got [2, 1]"),
        ("training.optimizer=adam", "training.optimizer: input should be 'sgd' or 'adamw', got 'adam'"),
        ("training.oversample={sky: 0}", "training.oversample.sky: input should be greater than or equal to 1, got 0"),
        ("training.oversample={sky: 101}", "training.oversample.sky: input should be less than or equal to 100"),
        ("training.oversample={sky: 1.5}", "training.oversample.sky: input should be a valid integer, got 1.5"),
        ("training.oversample={sky: true}", "training.oversample.sky: input should be a valid integer, got True"),
        ("augment.flip=75", "augment.flip: input should be less than or equal to 1, got 75"),
        ("augment.hue=0.6", "augment.hue: input should be less than or equal to 0.5, got 0.6"),
        ("augment.max_class_share=0", "augment.max_class_share: input should be greater than 0, got 0"),
        ("augment.max_class_share=0.75", "augment.max_class_share: should not be there without augment.crop"),
        ("training.hard_pixels=0", "training.hard_pixels: input should be greater than 0, got 0"),
        ("training.hard_pixels=20", "training.hard_pixels: input should be less than or equal to 1, got 20"),
        ("training.dice=-1", "training.dice: input should be greater than or equal to 0, got -1"),
        ("evaluation.split=val", "evaluation.split: input should be 'train' or 'eval', got 'val'"),
        ("evaluation=", "evaluation.gate: missing; What a model has to reach to be pushed."),
        ("training=5", "training: should be a section of keys and values, got 5"),
        ("model.input_size=100", "model.input_size: should be multiples of 16, at least 32"),
        ("model.width=0.5", "model.width: is mobilenet_v2's; resnet50 has none, got 0.5"),
        ("run_dir=runs/a[1]", "run_dir: should hold none of * ? [ ] { }"),
        ("data.path=data/*", "data.path: should hold none of * ? [ ] { }"),
        ("model={backbone: mobilenet_v2, width: 0.6}", "model.width: should be one of 0.35, 0.5"),
        ("model.atrous_rates=[0, 1, 2]", "model.atrous_rates.0: input should be greater than or equal to 1, got 0"),
        ("model.atrous_rates=[6, 12, 6]", "model.atrous_rates: should all differ: "),
        ("training={steps: 9, warmup_steps: 9}", "training.warmup_steps: should be less than training.steps, 9, got 9"),
        ("training={optimizer: adamw, momentum: 0.8}", "training.momentum: is sgd's; adamw has its own, got 0.8"),
        ("training={jit_compile: true, distribution: mirrored}", "training.distribution: should be one beside trainin"),
        ("training.distribution=multi_worker", "training.distribution: input should be 'one' or 'mirrored', got"),
        ("training.precision=float16", "training.precision: input should be 'float32', 'mixed_bfloat16' or 'mixed_flo"),
        ("training.initialize_from=scratch", "training.initialize_from: input should be 'pushed', got 'scratch'"),
        ("model.output_stride=4", "model.output_stride: input should be 8, 16 or 32, got 4"),
        ("model={input_size: 48, output_stride: 32}", "model.output_stride: 32 should divide model.input_size [48, 4"),
        ("training.held_out=0.5", "training.held_out: input should be less than 0.5, got 0.5"),
        ("training.held_out=-0.1", "training.held_out: input should be greater than or equal to 0"),
        ("training.validate_every=50", "training.validate_every: should not be there without training.held_out: it is"),
        ("training.early_stopping=3", "training.early_stopping: should not be there without training.held_out: it is"),
        ("training={held_out: 0.1, validate_every: 0}", "training.validate_every: input should be greater than or"),
        ("training={held_out: 0.1, early_stopping: 0}", "training.early_stopping: input should be greater than or"),
        ("training.crop_size=40", "training.crop_size: should be multiples of 16, at least 32"),
        ("name=a/b", "name: string should match pattern"),
        ("data.train='{SPN}/*'", "data.train: should hold no placeholders but {SPAN}, {VERSION}"),
        ("data.span=3", "data.span: should not be there without {SPAN} or {YYYY}, {MM} and {DD} in the file patterns"),
        ("data.eval_fraction=0.2", "data.eval_fraction: should not be there without data.files"),
        ("data.max_bad_fraction=1.5", "data.max_bad_fraction: input should be less than or equal to 1"),
        ("data.train=/data/train-*", "data.train: string should match pattern"),
        ("data.path=~no-such-user/data", "data.path: "),
        ("beam.args=[]", "beam.args: unknown key; known are runner, options, "),
        ("beam.runner=ray", "beam.runner: input should be 'direct', 'portable', 'flink', 'spark' or 'dataflow'"),
        ("beam.components.Trainer.runner=flink", "beam.components.Trainer: unknown key; did you mean kubeflow."),
        ("runner=flink", "runner: unknown key; did you mean beam.runner?"),
        ("kubeflow={cpu: 1, image: a, data: /d, serving: /s, checkpoints: /c}",
         "kubeflow.cpu: unknown key; did you mean kubeflow.all.cpu?"),
        ("tracking.mlflow.uri=localhost:5000", "tracking.mlflow.uri: should be the http:// or https:// address of an"),
        ("tracking.mlflow.uri=file:///tmp/mlruns", "tracking.mlflow.uri: should be the http:// or https:// address"),
        ("tracking.mlflow.uri=http://", "tracking.mlflow.uri: should be the http:// or https:// address"),
        ("tracking.mlflow.uri=http://a b", "tracking.mlflow.uri: should be the http:// or https:// address"),
        ("tracking.mlflow.uri=http://host:99999", "tracking.mlflow.uri: port out of range 0-65535"),
        ("tracking.mlflow.experiment=''", "tracking.mlflow.experiment: string should have at least 1 character"),
        ("tracking.mlflow.url=http://host", "tracking.mlflow.url: unknown key; did you mean uri?"),
        ("bulk_inference.split=test", "bulk_inference.split: input should be 'train' or 'eval'"),
        ("bulk_inference.enable=true", "bulk_inference.enable: unknown key; did you mean enabled?"),
        ("servability.tensorflow_serving=tensorflow/serving", "servability.tensorflow_serving: string should match"),
        ("servability.tensorflow_serving=host:5000/serving", "servability.tensorflow_serving: string should match"),
        ("servability={enabled: false, tensorflow_serving: 'tensorflow/serving:2.16.1'}",
         "servability: tensorflow_serving should not be there where enabled is false, which leaves all of it out"),
        ("tuner={}", "tuner.search: missing; what is searched"),
        ("tuner={trials: 1, search: {dice: [0, 1]}}", "tuner.trials: input should be greater than or equal to 2"),
        ("tuner.search={}", "tuner.search: should have one of learning_rate, weight_decay, "),
        ("tuner.search.learning_rat=[1, 2]", "tuner.search.learning_rat: unknown key; did you mean learning_rate?"),
        ("tuner.search.learning_rate=[0, 1]", "tuner.search.learning_rate: two numbers are the ends of a range"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_by_name(run_config, override, message):
    *_, fault = refusal(run_config, override).splitlines()
    assert fault.startswith(f"  {message}")
    assert fault.endswith(f" (--set {override})")


def test_a_crop_has_to_fit_the_output_stride(run_config):
    assert load_config(run_config, ["training.crop_size=[304, 320]"]).training.crop_size == (304, 320)
    fault = refusal(run_config, "model.output_stride=32", "training.crop_size=336").splitlines()[-1]
    assert fault.startswith("  training: crop_size should be multiples of model.output_stride, 32")


@pytest.mark.parametrize("crop", ["[288, 512]", "[512, 288]"])
def test_a_crop_shows_the_network_all_that_its_rates_compare(run_config, crop):
    assert load_config(run_config, ["training.crop_size=[304, 304]"]).training.crop_size == (304, 304)
    fault = refusal(run_config, f"training.crop_size={crop}").splitlines()[-1]
    assert fault.startswith(f"  training: crop_size {crop} has no two pixels 288 apart on both axes, which is what ")
    # Padding in training and in evaluation alike: nothing is used that was not trained.
    assert load_config(run_config, ["training.crop_size=[48, 64]", "model.input_size=96"]).model.input_size == (96, 96)


@pytest.mark.parametrize(
    ("model", "training", "message"),
    [
        ("weights: none", "{batch_norm: frozen}", "batch_norm should be train where model.weights is none"),
        (
            "weights: none",
            "{batch_norm: frozen, initialize_from: pushed}",
            "batch_norm should be train where model.weights is none",
        ),
        (
            "weights: none",
            "{backbone_learning_rate: 0}",
            "backbone_learning_rate should be above 0 where model.weights is none",
        ),
        ("weights: imagenet", "{batch_size: 1}", "batch_size should be 2 or more where model.image_pooling is on"),
    ],
)
def test_a_recipe_has_to_fit_its_model(run_config, model, training, message):
    fault = refusal(run_config, f"model={{{model}}}", f"training={training}").splitlines()[-1]
    assert fault.startswith(f"  training: {message}")
    other = {"weights: none": "weights: imagenet", "weights: imagenet": "image_pooling: false"}[model]
    load_config(run_config, [f"model={{{other}}}", f"training={training}"])


def test_nothing_is_held_out_by_default(run_config):
    training = load_config(run_config).training
    assert (training.held_out, training.validate_every, training.early_stopping) == (0.0, None, None)
    measured = load_config(run_config, ["training={held_out: 0.1, validate_every: 50, early_stopping: 3}"]).training
    assert (measured.held_out, measured.validate_every, measured.early_stopping) == (0.1, 50, 3)


SEARCH = "tuner.search.learning_rate=[0.001, 0.02]"


def test_a_search_is_judged_by_held_out_images(run_config):
    tuner = load_config(run_config, [SEARCH, "training.held_out=0.1"]).tuner
    assert tuner.search.knobs == {"learning_rate": (0.001, 0.02)} and (tuner.trials, tuner.steps) == (10, 500)
    assert load_config(run_config).tuner is None
    assert refusal(run_config, SEARCH).splitlines()[-1].startswith("  tuner: needs training.held_out, such as 0.1")


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["training.steps=100"], "tuner: steps should be at most training.steps, 100"),
        (
            ["tuner.search.class_balance=[0, 2]"],
            "tuner: search.class_balance: with 2, training.class_balance: input should be less than or equal to 1",
        ),
        (
            ["tuner.search.weight_decay=[-1, 0, 1]"],
            "tuner: search.weight_decay: with -1, training.weight_decay: input should be greater than or equal to 0",
        ),
    ],
)
def test_what_is_searched_has_to_be_a_recipe_wherever_it_is_tried(run_config, overrides, message):
    assert refusal(run_config, SEARCH, "training.held_out=0.1", *overrides).splitlines()[-1].startswith(f"  {message}")


def test_what_is_wrong_elsewhere_is_not_laid_to_the_search(run_config):
    _, *faults = refusal(run_config, SEARCH, "training.held_out=0.1", "evaluation.gate.min_mean_iou=2").splitlines()
    assert [fault.split(":")[0].strip() for fault in faults] == ["evaluation.gate.min_mean_iou"]


@pytest.mark.parametrize(
    "freedom", ["training.crop_size=[512, 304]", "augment.scale=[0.5, 1.1]"], ids=["a smaller crop", "a larger image"]
)
def test_crops_have_to_differ_for_one_to_be_chosen(run_config, freedom):
    choosing = ["augment.crop=true", "augment.max_class_share=0.75"]
    assert load_config(run_config, [*choosing, freedom]).augment.max_class_share == 0.75
    *_, fault = refusal(run_config, *choosing, "augment.scale=[0.5, 1]", "training.crop_size=512").splitlines()
    assert fault.startswith("  training: augment.max_class_share has no crops to choose from, since all of them show ")


def test_all_faults_are_listed_at_once_and_say_where_they_are_from(run_config):
    append(run_config, "training: {stpes: 5, batch_size: 0}\nlearning_rate: 1\n")
    first, *faults = refusal(run_config, "augment.flip=2", "data.path=").splitlines()
    assert first == f"{run_config}: the configuration is not right:"
    assert sorted(fault.strip() for fault in faults) == [
        "augment.flip: input should be less than or equal to 1, got 2 (--set augment.flip=2)",
        "data.path: should be a path, got None (--set data.path=)",
        "learning_rate: unknown key; did you mean training.learning_rate?",
        "training.batch_size: input should be greater than or equal to 1, got 0",
        "training.stpes: unknown key; did you mean steps?",
    ]


def test_files_of_both_splits_are_given_alone(run_config):
    config = load_config(run_config, ["data.files=all-*", "data.eval_fraction=0.25"])
    assert config.data.patterns == {"files": "all-*"}
    assert load_config(run_config).data.patterns == {"train": "train-*.tfrecord*", "eval": "val-*.tfrecord*"}
    for key in ("train", "eval"):
        fault = refusal(run_config, "data.files=all-*", f"data.{key}=a-*").splitlines()[-1]
        assert fault.startswith("  data.files: should not be there beside data.train or data.eval")


def test_faults_in_a_list_of_sections_are_named_alike(run_config):
    rules = "[{min: 0.5}, {metric: iou, clas_name: x, min: 2}]"
    with pytest.raises(UserError) as error:
        load_config(run_config, [f"evaluation.gate.rules={rules}"])
    for line in (
        "evaluation.gate.rules.0.metric: missing; what is bounded",
        "evaluation.gate.rules.1.min: input should be less than or equal to 1, got 2",
        "evaluation.gate.rules.1.clas_name: unknown key; did you mean class_name?",
    ):
        assert line in str(error.value)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["evaluation.slices=[image/sorce]"],
            "evaluation.slices: cannot slice by image/sorce; expected some of image/source",
        ),
        (
            ["evaluation.gate.rules=[{metric: mean_iou, where: {image/source: voc}, min: 0.1}]"],
            "expected one feature of evaluation.slices []",
        ),
    ],
)
def test_slices_are_features_and_rules_are_of_measured_slices(run_config, overrides, message):
    with pytest.raises(UserError) as error:
        load_config(run_config, overrides)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "uri", ["http://me:geheim@host", "me:geheim@host", "https://host/?token=geheim", "http://h#geheim"]
)
def test_a_password_in_an_address_is_refused_and_not_repeated(run_config, uri):
    for text in (
        refusal(run_config, f"tracking.mlflow.uri='{uri}'", "training.steps=0"),
        refusal(run_config, f"tracking={{mlflow: {{uri: '{uri}', log_model: 5}}}}"),
    ):
        assert text.startswith("tracking.mlflow.uri: holds one of @ ? #; give no more than http(s)://host:port/path")
        assert "MLFLOW_TRACKING_PASSWORD" in text and "geheim" not in text


def test_nothing_is_tracked_by_default(run_config):
    assert load_config(run_config).tracking.mlflow.uri is None
    mlflow = load_config(run_config, ["tracking.mlflow.uri=https://host:5000/mlflow"]).tracking.mlflow
    assert (mlflow.uri, mlflow.experiment, mlflow.log_model) == ("https://host:5000/mlflow", None, True)


def test_nothing_is_predicted_in_bulk_and_no_container_is_started_by_default(run_config):
    config = load_config(run_config)
    assert (config.bulk_inference.enabled, config.servability.tensorflow_serving) == (False, None)
    image = "servability.tensorflow_serving=host:5000/team/serving:2.16.1-gpu"
    assert load_config(run_config, [image]).servability.tensorflow_serving == "host:5000/team/serving:2.16.1-gpu"


def test_a_missing_key_is_named_with_its_meaning(run_config):
    run_config.write_text("name: x\nrun_dir: y\ndata:\nevaluation: {gate: {min_mean_iou: 0.5}}\n")
    assert refusal(run_config).splitlines()[1:] == ["  data.path: missing; the folder of TFRecords"]


def test_keys_that_are_no_text_are_refused(run_config):
    """YAML 1.1 reads the key `on` as true."""
    assert "unknown key; known are name" in refusal(append(run_config, "on: 5\n"))


def test_an_empty_section_is_one_without_keys(run_config):
    append(run_config, "augment:\ntraining:\n  # steps: 5\n")
    config = load_config(run_config, ["training.steps=7"])
    assert config.augment == AugmentSettings()
    assert config.training.steps == 7


@pytest.mark.parametrize("number", ["1e-4", "1.0e-4", "0.0001", "'0.0001'"])
def test_scientific_notation_is_a_number(run_config, number):
    """YAML 1.1 reads 1e-4 as text."""
    append(run_config, f"training: {{learning_rate: {number}}}\n")
    assert load_config(run_config).training.learning_rate == 1e-4
    assert load_config(run_config, [f"training.weight_decay={number}"]).training.weight_decay == 1e-4


def test_overrides_are_yaml_and_the_last_one_wins(run_config):
    overrides = [
        "model.input_size=[64, 96]",
        "augment.crop=yes",
        "training.steps=1",
        "training.steps=2",
        "beam.options={direct_num_workers: 2}",
    ]
    config = load_config(run_config, overrides)
    assert config.model.input_size == (64, 96)
    assert config.augment.crop is True
    assert config.training.steps == 2
    assert config.beam.options == {"direct_num_workers": 2}


def test_an_override_may_hold_equals_signs(run_config):
    config = load_config(run_config, ["evaluation.background=a=b"])
    assert config.evaluation.background == "a=b"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("training.steps", "--set training.steps: expected key.path=value, e.g. training.steps=100"),
        ("=5", "--set =5: expected key.path=value"),
        ("training..steps=5", "--set training..steps=5: expected key.path=value"),
        ("name.x=5", "--set name.x=5: name is a value, not a section"),
        ("data.path.x.y=5", "--set data.path.x.y=5: data.path is a value, not a section"),
        ("name=[1", "--set name=[1: expected"),
        ("name=2024-13-45", "--set name=2024-13-45: month must be in 1..12"),
    ],
)
def test_a_malformed_override_is_named(run_config, override, message):
    text = refusal(run_config, override)
    assert text.startswith(message)
    assert "\n" not in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: x\ndata: [1\nrun_dir: y\n", ":3: "),
        ("name: x\n\tdata: y\n", ":2: found character '\\t' that cannot start any token"),
        ("name: x\nname: y\n", ":2: name is given twice"),
        ("name: x\ntraining:\n  steps: 1\n  batch_size: 2\n  steps: 3\n", ":5: steps is given twice"),
        ("name: !!python/object:os.system x\n", ":1: could not determine a constructor"),
        ("name: \x00\n", ": unacceptable character"),
        ("- name\n", ": a configuration is a mapping of keys to values"),
        ("", ": a configuration is a mapping of keys to values"),
    ],
)
def test_a_yaml_error_is_one_line_with_file_and_line(tmp_path, text, message):
    file = tmp_path / "run.yaml"
    file.write_text(text)
    refused = refusal(file)
    assert refused.startswith(f"{file}{message}")
    assert "\n" not in refused


def test_the_same_key_in_two_sections_or_under_a_merge_is_no_repetition(run_config):
    append(run_config, "augment: &a {flip: 0.5}\ntraining: {steps: 3}\n")
    text = run_config.read_text().replace(
        "augment: &a {flip: 0.5}", "augment: {<<: {flip: 0.5, crop: true}, flip: 0.2}"
    )
    run_config.write_text(text)
    assert load_config(run_config).augment == AugmentSettings(flip=0.2, crop=True)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    assert refusal(tmp_path / "no.yaml") == f"no configuration {tmp_path / 'no.yaml'}"
    assert refusal(tmp_path) == f"{tmp_path}: cannot read the configuration: Is a directory"
    (tmp_path / "latin.yaml").write_bytes(b"name: \xe9t\xe9\n")
    assert re.match(r".*latin.yaml: cannot read the configuration: .*utf-8", refusal(tmp_path / "latin.yaml"))


def test_paths_know_the_home_folder(run_config, monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    config = load_config(run_config, ["data.path=~/data", "data.label_map=~/map.yaml", "run_dir=~/run"])
    home = Path("/home/someone")
    assert (config.data.path, config.data.label_map, config.run_dir) == (home / "data", home / "map.yaml", home / "run")


def test_a_relative_run_dir_becomes_absolute(run_config, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert load_config(run_config, ["run_dir=here"]).run_dir == tmp_path / "here"


def test_a_configuration_does_not_change(run_config):
    with pytest.raises(ValidationError, match="frozen"):
        load_config(run_config).seed = 2


def test_what_tfx_hands_on_as_json_is_read_back(run_config):
    config = load_config(run_config, ["augment.scale=[0.5, 2]"])
    assert Config.model_validate(config.model_dump(mode="json", by_alias=True)) == config
