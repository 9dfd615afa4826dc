import pytest
import tensorflow as tf

from components.segmentation_example_gen.shard_writer import ShardWriter


def read(path) -> list[bytes]:
    return list(tf.data.TFRecordDataset(str(path), compression_type="GZIP").as_numpy_iterator())


def test_a_file_appears_when_it_is_whole(tmp_path):
    scratch, path = tmp_path / "scratch", tmp_path / "a.gz"
    scratch.mkdir()
    with ShardWriter(str(path), str(scratch)) as writer:
        writer.write(b"one")
        assert not path.exists()
        writer.write(b"two")
    assert read(path) == [b"one", b"two"]
    with ShardWriter(str(path), str(scratch)) as writer:  # as a worker does that does its work again
        writer.write(b"three")
    assert read(path) == [b"three"]
    assert not list(scratch.iterdir())


def test_no_record_no_file(tmp_path):
    with ShardWriter(str(tmp_path / "a.gz"), str(tmp_path)):
        pass
    assert not list(tmp_path.iterdir())


def test_an_error_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), ShardWriter(str(tmp_path / "a.gz"), str(tmp_path)) as writer:
        writer.write(b"one")
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
