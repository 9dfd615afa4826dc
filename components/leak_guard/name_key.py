"""What the name of an image says about which image it is."""

from __future__ import annotations

import re

_EXTENSION = re.compile(r"\.(jpe?g|png|bmp|gif|tiff?|webp|ppm)$", re.IGNORECASE)
_MADE_UP = re.compile(r"#\d+$")  # file and position, where ExampleGen found no name


def name_key(name: str) -> str | None:
    """The whole path without the image's extension: the same for two names if they are of one image.

    `2007_000032.jpg` and `2007_000032.png` are one image in two formats. `a/0001.png` and `b/0001.png` are two images:
    datasets of folders begin anew in each. What follows a dot and is no image's extension belongs to the name, as in
    `frame.0001`. None for a name that ExampleGen made up, since it says where a record lay and not what is in it.
    """
    return None if _MADE_UP.search(name) else _EXTENSION.sub("", name)
