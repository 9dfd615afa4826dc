"""New weights behind an old path are new inputs."""

import hashlib

import pytest

from pipeline.weights_digest import weights_digest


def test_it_is_of_the_content(tmp_path):
    path = tmp_path / "w.h5"
    path.write_bytes(b"one" * 1_000_000)
    assert weights_digest(str(path)) == hashlib.sha256(b"one" * 1_000_000).hexdigest()
    path.write_bytes(b"two")
    assert weights_digest(str(path)) == hashlib.sha256(b"two").hexdigest()


@pytest.mark.parametrize("name", ["imagenet", "none"])
def test_names_have_none(name):
    assert weights_digest(name) == ""
