"""docs/architecture.md and the tree say the same; so do all documents, of the files and headings that they name."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from components.names import COMPONENTS
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])
IGNORED = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line]


def ignored(path: Path) -> bool:
    """Whether .gitignore, of which we use the simplest forms, names a file or folder whose parents it does not name."""
    return any(
        path == ROOT / pattern[1:] if pattern.startswith("/") else fnmatch(path.name, pattern)
        for pattern in [*IGNORED, ".git"]
    )


def files() -> Iterator[str]:
    """What belongs to the project, as paths from its root: in a clone, and in an archive without git."""
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        folders[:] = [name for name in folders if not ignored(here / name)]
        yield from ((here / name).relative_to(ROOT).as_posix() for name in names if not ignored(here / name))


FILES = set(files())
FOLDERS = {parent.as_posix() for path in FILES for parent in Path(path).parents} - {"."}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def headings(document: Path) -> set[str]:
    """The anchors that GitHub makes of them."""
    titles = re.findall(r"^#+ (.+)$", outside_blocks(document), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def outside_blocks(document: Path) -> str:
    return re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def test_every_folder_is_in_the_table_and_every_row_is_a_folder():
    named = re.findall(r"^\| `(.+)/` \|", section("Every folder"), re.MULTILINE)
    with_code = {Path(path).parent.as_posix() for path in FILES if path.endswith(".py")}
    at_the_top = {folder for folder in FOLDERS if "/" not in folder and not folder.startswith(".")}  # no editor's
    assert {"components/gate", "tests/e2e"} < with_code and "configs" in at_the_top
    assert with_code | at_the_top <= set(named) <= FOLDERS
    assert named == sorted(named)


def test_what_no_other_folder_mirrors_is_explained():
    rows = dict(re.findall(r"^\| `(.+)/` \| (.*?) ?\|$", section("Every folder"), re.MULTILINE))
    for folder, words in rows.items():
        mirrored = folder.removeprefix("tests/")
        assert words or (mirrored != folder and mirrored in rows), folder


def test_the_picture_has_every_component():
    (picture,) = re.findall(r"^```mermaid\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert {name for name in COMPONENTS if not re.search(rf"\b{name}\b", picture)} == set()


def test_packages_import_what_the_table_says():
    rows = re.findall(r"^\| `(\w+)` \| (.*)\|$", section("Who imports whom"), re.MULTILINE)
    assert {package: set(re.findall(r"`(\w+)`", others)) for package, others in rows} == imports_of_packages()


def imports_of_packages() -> dict[str, set[str]]:
    """For each package that is installed, the others that its modules import, wherever in a module they do."""
    packages = {path.split("/")[0] for path in FILES if re.fullmatch(r"\w+/__init__.py", path)} - {"tests"}
    found: dict[str, set[str]] = {package: set() for package in packages}
    for path in FILES:
        package = path.split("/")[0]
        if package not in packages or not path.endswith(".py"):
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found[package] |= {module.split(".")[0] for module in modules} & packages - {package}
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_paths_and_links_lead_somewhere(document):
    text = outside_blocks(document)
    quoted = re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", text)
    paths = {path.rstrip("/") for path in quoted if "/" in path and path.split("/")[0] in FOLDERS}
    assert {path for path in paths if path not in FILES | FOLDERS} == set()
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = Path(os.path.normpath(document.parent / path)) if path else document
        assert target.relative_to(ROOT).as_posix() in FILES | FOLDERS, link
        assert not anchor or anchor in headings(target), link


def test_there_are_paths_and_links_to_follow():
    assert {"README.md", "docs/training.md"} <= {path.relative_to(ROOT).as_posix() for path in DOCUMENTS}
    assert "the-flow-of-data" in headings(ROOT / "docs" / "architecture.md")
    assert "1-a-cluster" in headings(ROOT / "docs" / "kubeflow.md")
