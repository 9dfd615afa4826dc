"""A PNG's pixels and nothing else of it."""

from __future__ import annotations

import struct
import zlib

PALETTE = 3  # colour types
GREY = 0

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FRAME = 12  # bytes around the data of each chunk: length, kind and checksum
_COLOR_TYPE = 25  # where it lies in the file
_HEADER = slice(8, 33)  # the whole chunk


def bare_png(encoded: bytes) -> bytes:
    """The same pixels without colours, texts and profiles; the indices of a palette become grey levels.

    The compressed pixels stay as they are, so this takes no time. Whether they are whole is not looked at.

    Raises:
        ValueError: the chunks are not those of a PNG, or break off.
    """
    if not encoded.startswith(_SIGNATURE) or encoded[12:16] != b"IHDR":
        raise ValueError("no PNG")
    kept, at, kind = [_SIGNATURE], len(_SIGNATURE), b""
    while kind != b"IEND":
        (length,) = struct.unpack_from(">I", encoded.ljust(at + 4, b"\0"), at)
        kind = encoded[at + 4 : at + 8]
        end = at + _FRAME + length
        if end > len(encoded):
            raise ValueError("breaks off")
        is_ancillary = kind[0] & 0x20
        if not is_ancillary and kind != b"PLTE":
            kept.append(encoded[at:end])
        at = end
    if encoded[_COLOR_TYPE] == PALETTE:
        kept[1] = _grey_header(encoded[_HEADER])
    return b"".join(kept)


def _grey_header(chunk: bytes) -> bytes:
    """The header chunk of a palette image, as that of a grey one."""
    checked, checksum = chunk[4:-4], chunk[-4:]
    if struct.pack(">I", zlib.crc32(checked)) != checksum:
        raise ValueError("corrupt header")
    color_type = _COLOR_TYPE - _HEADER.start - 4
    checked = checked[:color_type] + bytes([GREY]) + checked[color_type + 1 :]
    return chunk[:4] + checked + struct.pack(">I", zlib.crc32(checked))
