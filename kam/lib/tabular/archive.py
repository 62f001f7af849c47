"""What is inside an XLSX file, found without trusting what it says about itself, before a parser sees it.

The sizes in a ZIP directory can lie, so every part is unpacked once in pieces and counted. On the way the
sheets are searched for what has to be known before the first row: how large the rectangle around all cells
is, error cells, and formulas without a stored result.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_noop

from kam.lib.tabular.limits import Limits, refuse

PIECE = 1 << 20
NOT_XLSX = gettext_noop("The file is not an Excel workbook (.xlsx). Please save it as .xlsx or CSV.")
BOMB = gettext_noop("The workbook unpacks to far more than a table of its size would. It was not read.")
DAMAGED = gettext_noop("The workbook is damaged. Please save it again.")
SPARSE = gettext_noop(
    "The sheet spans %(rows)s rows and %(columns)s columns, which is too much. Please clear cells far away."
)

TOO_MANY_ERRORS = gettext_noop("More than %(limit)s rows of the sheet hold cells with errors.")

# What zipfile raises for bytes that are not what they should be.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,
)

_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,9})([0-9]{1,9})["']""")
# No part of these looks beyond its own tag, so that a sheet of a million open tags takes no longer.
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>]*\bt\s*=\s*["']e["'])[^<>]*?\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']"""
)
_NO_RESULT = re.compile(
    rb"""<(?:\w+:)?c\s(?![^<>]*\bt\s*=\s*["']str["'])[^<>]*?\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["'][^<>]*>\s*"""
    rb"""<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)


@dataclass(slots=True)
class SheetFacts:
    """The extent of a sheet and its flawed cells: row number to (column letters, code)."""

    rows: int = 0
    columns: int = 0
    flaws: dict[int, tuple[str, str]] = field(default_factory=dict)


def inspect(path: Path, limits: Limits) -> dict[str, SheetFacts]:
    """Return the facts of every sheet by its name in the archive.

    Raises InvalidInput: not_xlsx, damaged_archive, packed_bomb, sheet_too_sparse, file_too_large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except UNREADABLE:
        raise refuse("damaged_archive", DAMAGED) from None
    _check_directory(path, parts, limits)
    facts, total = {}, 0
    with path.open("rb") as stream:
        for part in parts:
            pieces = _counted(_unpacked(stream, part), part, limits)
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                facts[part.filename] = _scan_sheet(pieces, limits)
            else:
                for _ in pieces:
                    pass
            total += part.file_size
            if total > limits.workbook_bytes:
                raise refuse("packed_bomb", BOMB)
    return facts


def check_extent(facts: SheetFacts, limits: Limits) -> None:
    """Refuse a sheet whose rectangle is mostly blank cells. Raises InvalidInput sheet_too_sparse."""
    if facts.rows * facts.columns > limits.sheet_cells:
        raise refuse("sheet_too_sparse", SPARSE, rows=facts.rows, columns=facts.columns)


def _check_directory(path: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise refuse("not_xlsx", NOT_XLSX)
    packed, unpacked = sum(p.compress_size for p in parts), sum(p.file_size for p in parts)
    size = path.stat().st_size
    too_many = len(names) > limits.archive_entries or len(set(names)) < len(names)
    overlapping = packed > size
    too_large = unpacked > limits.workbook_bytes or unpacked > max(limits.ratio_from, size * limits.ratio)
    if too_many or overlapping or too_large:
        raise refuse("packed_bomb", BOMB)
    if any(part.flag_bits & 1 or part.compress_type not in (0, 8) for part in parts):
        raise refuse("not_xlsx", NOT_XLSX)


def _unpacked(stream: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a part as they really unpack, whatever size the directory states."""
    stream.seek(part.header_offset)
    header = stream.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise refuse("damaged_archive", DAMAGED)
    stream.seek(sum(struct.unpack("<HH", header[26:30])), 1)
    left = part.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while left > 0 and (packed := stream.read(min(left, 1 << 16))):
            left -= len(packed)
            if part.compress_type == 0:
                yield packed
                continue
            while packed:
                yield inflate.decompress(packed, PIECE)
                packed = inflate.unconsumed_tail
    except zlib.error:
        raise refuse("damaged_archive", DAMAGED) from None


def _counted(pieces: Iterator[bytes], part: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > part.file_size:
            raise refuse("packed_bomb", BOMB)
        yield piece
    if total != part.file_size:
        raise refuse("damaged_archive", DAMAGED)


def _scan_sheet(pieces: Iterator[bytes], limits: Limits) -> SheetFacts:
    facts, rest = SheetFacts(), b""
    for piece in pieces:
        if b"\0" in piece:  # a sheet in UTF-16 would pass the search unseen
            raise refuse("damaged_archive", DAMAGED)
        text = rest + piece
        cut = _safe_cut(text)
        _note(text[:cut], facts, limits)
        rest = text[cut:]
        if len(rest) > 8 * PIECE:
            raise refuse("damaged_archive", DAMAGED)
    _note(rest, facts, limits)
    return facts


def _safe_cut(text: bytes) -> int:
    """Return where text can be cut without splitting a cell, or at least without splitting a tag."""
    cell, tag = text.rfind(b"<c "), text.rfind(b"<")
    return cell if len(text) - cell < PIECE and cell >= 0 else max(tag, 0)


def _note(text: bytes, facts: SheetFacts, limits: Limits) -> None:
    if cells := _CELL.findall(text):
        columns, rows = zip(*cells, strict=True)
        facts.columns = max(facts.columns, *map(_column_number, set(columns)))
        facts.rows = max(facts.rows, *map(int, set(rows)))
    if b"<f" in text or b":f" in text:
        _note_flaws(_NO_RESULT, "formula_without_result", text, facts)
    if b't="e"' in text or b"t='e'" in text or b"t =" in text:
        _note_flaws(_ERROR_CELL, "error_cell", text, facts)
    if len(facts.flaws) > limits.flawed_rows:
        raise refuse("too_many_error_cells", TOO_MANY_ERRORS, limit=limits.flawed_rows)


def _note_flaws(pattern: re.Pattern[bytes], code: str, text: bytes, facts: SheetFacts) -> None:
    for letters, row in pattern.findall(text):
        facts.flaws.setdefault(int(row), (letters.decode().upper(), code))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
