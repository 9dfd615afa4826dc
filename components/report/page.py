"""Pages that look like the report: self-contained, and with no script but their own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

# In a string or a regular expression of a script, the only places where these occur, the escape means the same.
_ENDS_SCRIPT = re.compile(r"<(?=/script|!--)", re.IGNORECASE)


def render_page(
    package: str, template: str, *scripts: str, filters: Mapping[str, Callable] | None = None, **values: Any
) -> str:
    """Renders a template of a package that extends `page.html.j2`; all values are escaped.

    Args:
        package: where the template and its scripts lie; the report's own are found as well.
        template: its name.
        scripts: JavaScript, run in this order at the end of the page.
        filters: of the template's own, by name.
        values: for the template.

    Returns:
        HTML that requests nothing from anywhere: its Content-Security-Policy allows these scripts and no other.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, "."), PackageLoader("components.report", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters or {})
    inlined = [_ENDS_SCRIPT.sub(r"\\x3c", script) for script in scripts]
    return environment.get_template(template).render(
        style=Markup(environment.get_template("style.css.j2").render()),
        scripts=[Markup(script) for script in inlined],
        script_sources=Markup(" ".join(f"'{_digest(script)}'" for script in inlined) or "'none'"),
        **values,
    )


def _digest(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
