from kubeflow.rehearsal.object_store import ObjectStore


def test_files_come_back_and_empty_folders_do_not(tmp_path):
    store, local = ObjectStore(tmp_path / "store"), tmp_path / "local"
    (local / "a" / "b").mkdir(parents=True)
    (local / "nothing").mkdir()
    (local / "a" / "b" / "one").write_bytes(b"\x00\xff")
    (local / "two").write_text("2")
    store.upload(local, "minio://bucket/v2/model")
    assert (tmp_path / "store" / "bucket" / "v2" / "model" / "a" / "b" / "one").read_bytes() == b"\x00\xff"

    store.download("minio://bucket/v2/model", tmp_path / "back")
    back = sorted(str(path.relative_to(tmp_path / "back")) for path in (tmp_path / "back").rglob("*"))
    assert back == ["a", "a/b", "a/b/one", "two"]
    assert (tmp_path / "back" / "two").read_text() == "2"


def test_an_artifact_may_be_one_file(tmp_path):
    store = ObjectStore(tmp_path / "store")
    (tmp_path / "value").write_text("5")
    store.upload(tmp_path / "value", "s3://bucket/value")
    store.download("s3://bucket/value", tmp_path / "deep" / "copy")
    assert (tmp_path / "deep" / "copy").read_text() == "5"


def test_what_begins_alike_is_another_artifact(tmp_path):
    store = ObjectStore(tmp_path / "store")
    for name in ("model", "model_run"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
        store.upload(tmp_path / name, f"minio://bucket/{name}")
    store.download("minio://bucket/model", tmp_path / "back")
    assert [path.read_text() for path in (tmp_path / "back").rglob("*")] == ["model"]


def test_nothing_is_stored_or_fetched_where_there_is_nothing(tmp_path):
    store = ObjectStore(tmp_path / "store")
    store.upload(tmp_path / "missing", "minio://bucket/missing")
    store.download("minio://bucket/missing", tmp_path / "back")
    assert not list(tmp_path.iterdir())
