"""How often a JPEG goes over its pixels."""

from __future__ import annotations

import re

_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")  # those that begin a segment, or end the file
_START_OF_SCAN, _END = 0xDA, 0xD9


def count_scans(encoded: bytes, most: int) -> int:
    """The scans of a JPEG, as a decoder comes to them; counting ends above `most`.

    A progressive JPEG may have any number of scans of a few bytes each, and each costs a decoder as much as the whole
    image does.
    """
    scans, at = 0, 2
    while scans <= most and (marker := _MARKER.search(encoded, at)):
        kind, at = encoded[marker.end() - 1], marker.end()
        if kind == _END:
            break
        scans += kind == _START_OF_SCAN
        at += int.from_bytes(encoded[at : at + 2], "big")
    return scans
