import base64
import hashlib
import re
import sys

import pytest
from jinja2 import UndefinedError

from components.report.page import render_page


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with a template."""
    folder = tmp_path / "some_pages"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "a.html.j2").write_text(
        '{% extends "page.html.j2" %}'
        "{% block title %}{{ name }}{% endblock %}{% block main %}<p>{{ name }}</p>{% endblock %}"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "some_pages", raising=False)
    return "some_pages"


def test_a_template_has_the_reports_look_and_its_values_are_escaped(package):
    page = render_page(package, "a.html.j2", name="<b>")
    assert page.startswith("<!doctype html>\n")
    assert "<title>&lt;b&gt;</title>" in page
    assert "<main>\n<p>&lt;b&gt;</p></main>" in page
    assert "--paper: #fbfaf7" in page
    assert "script-src 'none'\"" in page


def test_scripts_run_in_their_order_and_no_other_does(package):
    page = render_page(package, "a.html.j2", "let a = 1;", 'a = "</script><!-- x";', name="")
    first, second = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    assert (first, second) == ("let a = 1;", r'a = "\x3c/script>\x3c!-- x";')
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="(.*?)"', page)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in (first, second)]
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digests[0]}' 'sha256-{digests[1]}'"
    )


def test_a_missing_value_is_an_error(package):
    with pytest.raises(UndefinedError, match="name"):
        render_page(package, "a.html.j2")
