"""The placeholders of a file pattern."""

from __future__ import annotations

import re

DATE = ("YYYY", "MM", "DD")
_WITH_WIDTH = ("SPAN", "VERSION")


def placeholders(pattern: str) -> dict[str, int | None]:
    """Those that a pattern holds, such as {SPAN:3} and {VERSION}, by name with their widths.

    Raises:
        ValueError: one is unknown, or they do not go together, as TFX's ExampleGens have them.
    """
    texts = re.findall(r"\{([^{}]*)\}", pattern)
    found: dict[str, int | None] = {}
    for text in texts:
        name, colon, width = text.partition(":")
        if name not in (*_WITH_WIDTH, *DATE) or (colon and name in DATE):
            raise ValueError("should hold no placeholders but {SPAN}, {VERSION}, {YYYY}, {MM} and {DD}")
        if colon and not re.fullmatch("[1-9][0-9]?", width):
            raise ValueError(f"should have a width of digits, 1 to 99, in {{{text}}}")
        found[name] = int(width) if colon else None
    if pattern.count("{") != len(texts) or pattern.count("}") != len(texts):
        raise ValueError("should hold { and } for {SPAN}, {VERSION}, {YYYY}, {MM} and {DD} alone")
    if len(found) < len(texts):
        raise ValueError("should hold each placeholder once")
    dated = [part for part in DATE if part in found]
    if dated and len(dated) < len(DATE):
        raise ValueError("should hold all of {YYYY}, {MM} and {DD}, or none")
    if dated and "SPAN" in found:
        raise ValueError("should hold {SPAN} or a date, not both")
    if "VERSION" in found and not dated and "SPAN" not in found:
        raise ValueError("should hold {SPAN} or a date beside {VERSION}")
    return found
