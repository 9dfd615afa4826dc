"""Spoils the parts of an image file."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from tests.components.segmentation_example_gen.spoil_bytes import spoil_bytes


def spoil_image(random: np.random.Generator, data: bytes) -> bytes:
    """One chunk of a PNG or one segment of a JPEG is another. Checksums are put right most of the time."""
    return _spoil_png(random, data) if data.startswith(b"\x89PNG") else _spoil_jpeg(random, data)


def _spoil_png(random: np.random.Generator, data: bytes) -> bytes:
    chunks, at = [], 8
    while at < len(data) - 11:
        (length,) = struct.unpack_from(">I", data, at)
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    index = int(random.integers(len(chunks)))
    kind, content = chunks[index]
    match random.integers(6):
        case 0:
            del chunks[index]
        case 1:
            chunks.insert(int(random.integers(len(chunks) + 1)), (kind, content))
        case 2:
            kinds = (b"PLTE", b"tRNS", b"eXIf", b"iCCP", b"gAMA", b"acTL", b"fdAT", b"zTXt", b"IDAT", b"IEND", b"abCD")
            new = (kinds[random.integers(len(kinds))], random.bytes(int(random.integers(0, 40))))
            chunks.insert(int(random.integers(len(chunks) + 1)), new)
        case 3 if kind == b"IDAT":
            try:
                pixels = zlib.decompress(content)
                chunks[index] = (kind, zlib.compress(spoil_bytes(random, pixels)))
            except zlib.error:
                pass
        case 4:  # size, bits, colour type, interlace
            header = bytearray(chunks[0][1].ljust(13, b"\0"))
            header[int(random.integers(13))] = int(random.choice([0, 1, 2, 3, 4, 6, 8, 16, 255]))
            chunks[0] = (b"IHDR", bytes(header))
        case _:
            chunks[index] = (kind, spoil_bytes(random, content))
    flaw = int(random.integers(30))  # a wrong checksum, now and then
    parts = (
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content) ^ (flaw == 0))
        for kind, content in chunks
    )
    return data[:8] + b"".join(parts)


def _spoil_jpeg(random: np.random.Generator, data: bytes) -> bytes:
    spoilt = bytearray(data)
    markers = [at for at in range(len(data) - 9) if data[at] == 0xFF and data[at + 1] not in (0, 0xFF)]
    at = markers[random.integers(len(markers))]
    match random.integers(4):
        case 0:  # a segment's length or its first bytes, such as a size
            spoilt[at + 2 + int(random.integers(8))] = int(random.integers(256))
        case 1:
            spoilt[at + 1] = int(random.integers(256))
        case 2:
            spoilt[at:at] = data[at : at + int(random.integers(2, 200))]
        case _:
            exif = b"Exif\0\0" + spoil_bytes(random, b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
            spoilt[2:2] = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return bytes(spoilt)
