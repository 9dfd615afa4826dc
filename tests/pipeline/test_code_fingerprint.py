from __future__ import annotations

import shutil

import pytest

from pipeline.code_fingerprint import code_fingerprint


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "one" / "fingerprinted_package"
    (folder / "inner").mkdir(parents=True)
    for name in ("__init__.py", "a.py", "inner/__init__.py", "inner/page.html.j2"):
        (folder / name).write_text(f"# {name}\n")
    monkeypatch.syspath_prepend(folder.parent)
    return folder


def fingerprint() -> str:
    return code_fingerprint("fingerprinted_package")


@pytest.mark.parametrize("name", ["__init__.py", "a.py", "inner/__init__.py", "inner/page.html.j2"])
def test_any_source_or_template_counts(package, name):
    before = fingerprint()
    (package / name).write_text("changed\n")
    assert fingerprint() != before


def test_new_moved_and_removed_files_count(package):
    seen = [fingerprint()]
    (package / "b.py").write_text("")
    seen.append(fingerprint())
    (package / "b.py").rename(package / "c.py")
    seen.append(fingerprint())
    (package / "a.py").unlink()
    seen.append(fingerprint())
    assert len(set(seen)) == 4


def test_text_that_moves_from_one_file_to_the_next_counts(package):
    (package / "a.py").write_text("x")
    (package / "b.py").write_text("y")
    before = fingerprint()
    (package / "a.py").write_text("xy")
    (package / "b.py").write_text("")
    assert fingerprint() != before


def test_by_products_do_not_count(package):
    before = fingerprint()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "a.cpython-310.pyc").write_bytes(b"x")
    (package / "notes.txt").write_text("x")
    assert fingerprint() == before


def test_place_and_time_do_not_count(package, tmp_path, monkeypatch):
    before = fingerprint()
    shutil.copytree(package, tmp_path / "two" / package.name, copy_function=shutil.copyfile)
    monkeypatch.syspath_prepend(tmp_path / "two")
    assert fingerprint() == before


def test_every_package_counts(package):
    assert len({fingerprint(), code_fingerprint("schema"), code_fingerprint("fingerprinted_package", "schema")}) == 3


@pytest.mark.parametrize("name", ["no_such_package", "json.decoder"])
def test_what_is_no_package_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} is not a package"):
        code_fingerprint(name)
