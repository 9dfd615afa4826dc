"""What BulkInferrer wrote, as files; held against what `segpipe predict` makes of the same model and records."""

import shutil

import pytest
import tensorflow as tf
from ml_metadata.proto import metadata_store_pb2 as mlmd
from tfx.orchestration import metadata

from pipeline.cli import main
from pipeline.past_runs import STORE
from pipeline.prediction.predict import predict
from pipeline.prediction.write_masks import write_masks
from schema.user_error import UserError
from tests.components.report.fake_model import LABEL_MAP, encode, save_fake_model
from tests.pipeline.prediction.bulk_inference import infer

LEVELS = {"cat": [[0, 150, 250], [120, 99, 200]], "dog": [[150]], "CAT": [[250, 0]]}
SHARES = [
    "image,height,width,dark,grey,bright",
    "cat,2,3,0.333333,0.333333,0.333333",
    "dog,1,1,0.000000,1.000000,0.000000",
]


def _record(name: str, levels: list) -> bytes:
    features = {
        key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
        for key, value in (("image/encoded", encode(levels)), ("image/filename", f"{name}.png".encode()))
    }
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


RECORDS = [_record(name, levels) for name, levels in LEVELS.items()]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_fake_model(tmp_path_factory.mktemp("fake") / "model", tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def inferred(model, tmp_path_factory):
    """The artifacts of a BulkInferrer that predicted the eval split."""
    folder = tmp_path_factory.mktemp("inferred")
    infer(folder, model, {"train": RECORDS[:1], "eval": RECORDS})
    return folder


@pytest.fixture
def result(inferred, tmp_path):
    """A copy of its result, with the label map beside it, as somebody would bring it home from a cluster."""
    shutil.copytree(inferred / "result", tmp_path / "result")
    LABEL_MAP.save(tmp_path / "result" / "label_map.yaml")
    return tmp_path / "result"


def _logs(result):
    (path,) = result.glob("prediction_logs-*")
    return path


def _record_run(run_dir, inferred, result, state=mlmd.Execution.COMPLETE) -> None:
    """What the metadata of a run says of a BulkInferrer."""
    run_dir.mkdir(exist_ok=True)
    with metadata.Metadata(metadata.sqlite_metadata_connection_config(str(run_dir / STORE))) as handle:
        store = handle.store
        kind = mlmd.ExecutionType(name="tfx.components.bulk_inferrer.component.BulkInferrer")
        pairs = []
        for key, type_name, uri, direction in (
            ("model", "Model", inferred / "model", mlmd.Event.INPUT),
            ("inference_result", "InferenceResult", result, mlmd.Event.OUTPUT),
        ):
            event = mlmd.Event(type=direction)
            event.path.steps.add().key = key
            artifact_type = store.put_artifact_type(mlmd.ArtifactType(name=type_name))
            pairs.append((mlmd.Artifact(type_id=artifact_type, uri=str(uri)), event))
        execution = mlmd.Execution(type_id=store.put_execution_type(kind), last_known_state=state)
        store.put_execution(execution, pairs, [])


def _files(folder) -> dict:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_they_are_the_files_that_predict_writes(result, model, tmp_path, capsys):
    with tf.io.TFRecordWriter(str(tmp_path / "val.tfrecord")) as writer:
        for record in RECORDS[:2]:
            writer.write(record)
    predict(model, [str(tmp_path / "val.tfrecord")], tmp_path / "predicted")
    assert main(["masks", str(result), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out == f"masks of 3 of 3 images: {tmp_path / 'out'}\n"
    written, predicted = _files(tmp_path / "out"), _files(tmp_path / "predicted")
    second_cat = f"{_logs(result).name.split('.')[0]}-000002"
    assert set(written) - set(predicted) == {f"{second_cat}.mask.png", f"{second_cat}.overlay.jpg"}
    shares = written.pop("class_shares.csv").decode().splitlines()
    assert shares == [*SHARES, f"{second_cat},1,2,0.500000,0.000000,0.500000"]
    assert {name: written[name] for name in predicted if name != "class_shares.csv"}.items() <= predicted.items()


def test_the_newest_result_of_a_run_with_the_classes_of_its_model(inferred, tmp_path):
    _record_run(tmp_path / "run", inferred, tmp_path / "older")
    _record_run(tmp_path / "run", inferred, inferred / "result", mlmd.Execution.CACHED)
    _record_run(tmp_path / "run", inferred, tmp_path / "broken off", mlmd.Execution.FAILED)
    assert write_masks(tmp_path / "run", tmp_path / "out").failed == []
    assert (tmp_path / "out" / "class_shares.csv").read_text().splitlines()[:3] == SHARES


def test_a_run_that_has_none(inferred, model, tmp_path):
    with metadata.Metadata(metadata.sqlite_metadata_connection_config(str(tmp_path / STORE))):
        pass
    with pytest.raises(UserError, match=r"no bulk inference has ended here; set bulk_inference\.enabled"):
        write_masks(tmp_path, tmp_path / "out")
    refused = infer(tmp_path / "refused", model, {"eval": RECORDS}, blessed=False)
    _record_run(tmp_path / "run", inferred, refused)
    with pytest.raises(UserError, match="no predictions here: the model was not blessed"):
        write_masks(tmp_path / "run", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_split_is_the_evaluated_one_or_as_the_configuration_says(model, tmp_path):
    infer(tmp_path / "train", model, {"train": RECORDS[:1], "eval": RECORDS}, "bulk_inference.split=train")
    LABEL_MAP.save(tmp_path / "label_map.yaml")
    write_masks(tmp_path / "train" / "result", tmp_path / "out", tmp_path / "label_map.yaml")
    assert sorted(_files(tmp_path / "out")) == ["cat.mask.png", "cat.overlay.jpg", "class_shares.csv"]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-30]), r"#\d: truncated, or not a TFRecord file"),
        (lambda path: path.write_text("no records"), r"#0: (truncated|corrupted), or not a TFRecord file"),
        (lambda path: _rewrite(path, [b"\xff\xff"]), r"#0: expected a PredictionLog, as BulkInferrer writes them"),
        (lambda path: _rewrite(path, [b""]), r"#0: expected a PredictionLog of one tf\.Example and one mask_png"),
        (lambda path: path.rename(path.with_name("prediction_logs-00000-of-00003.gz")), "1 files of predictions, by"),
        (lambda path: path.unlink(), r"no predictions here: expected prediction_logs-\*\.gz"),
        (lambda path: path.with_name("label_map.yaml").unlink(), r"no label map; name the file .* --label-map"),
    ],
)
def test_a_bad_file_is_told_before_anything_is_written(result, tmp_path, spoil, reason):
    spoil(_logs(result))
    with pytest.raises(UserError, match=reason):
        write_masks(result, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def _rewrite(path, records: list[bytes]) -> None:
    with tf.io.TFRecordWriter(str(path), "GZIP") as writer:
        for record in records:
            writer.write(record)


def test_no_folder(tmp_path):
    with pytest.raises(UserError, match="no such folder; expected a run's"):
        write_masks(tmp_path / "nowhere", tmp_path / "out")


def test_an_example_without_an_image_is_reported_and_passed_over(result, tmp_path, capsys):
    from tensorflow_serving.apis import prediction_log_pb2

    path = _logs(result)
    options = tf.compat.v1.io.TFRecordOptions(tf.compat.v1.io.TFRecordCompressionType.GZIP)
    logs = list(tf.compat.v1.io.tf_record_iterator(str(path), options))
    first = prediction_log_pb2.PredictionLog.FromString(logs[0])
    first.predict_log.request.inputs["examples"].string_val[0] = b""
    _rewrite(path, [first.SerializeToString(), *logs[1:]])
    assert main(["masks", str(result), "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr()
    assert told.err == f"{path}#0: no prediction: expected one image in image/encoded, found none\n"
    assert told.out == f"masks of 2 of 3 images: {tmp_path / 'out'}\n"
