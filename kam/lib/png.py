"""Checking a PNG and taking out whatever is no picture: texts, dates, places."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT", b"IEND"}
LARGEST_SIDE = 4096


def clean_png(content: bytes) -> bytes:
    """Return the picture without its metadata; raises ValueError for what is no whole PNG."""
    if not content.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    kept, place, seen = [SIGNATURE], len(SIGNATURE), b""
    while seen != b"IEND":
        if place + 12 > len(content):
            raise ValueError("ends early")
        length, seen = struct.unpack(">I4s", content[place : place + 8])
        chunk = content[place : place + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise ValueError("is damaged")
        if len(kept) == 1:
            _check_header(seen, chunk[8:-4])
        if seen in PICTURE:
            kept.append(chunk)
        place += 12 + length
    return b"".join(kept)


def _check_header(kind: bytes, data: bytes) -> None:
    if kind != b"IHDR" or len(data) != 13:
        raise ValueError("has no header")
    width, height = struct.unpack(">II", data[:8])
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise ValueError("is too large")
