"""Text files as bytes: unpacking within bounds and finding the encoding. One pass in pieces."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext_noop

from kam.lib.tabular.limits import Limits, refuse

PIECE = 1 << 20
CHARACTERS = 1 << 18
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16-le", "utf-16-be", "utf-16")

_GZIP = b"\x1f\x8b"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = bytes({*range(1, 9), *range(14, 27), *range(28, 32)})
_MOST_CONTROL = 0.005

BINARY = gettext_noop("This is not a table: the file holds binary data. Please export it as CSV or XLSX.")
NUL = gettext_noop("The file contains NUL characters at about byte %(position)s. Please export it again.")
UNREADABLE = gettext_noop(
    "The file is not text in UTF-8, UTF-16 or Windows-1252: byte %(position)s does not fit."
)
NO_LINES = gettext_noop("The file has a line of more than %(limit)s characters. Please check the line ends.")
TOO_LARGE = gettext_noop("The file is larger than %(limit)s MB. Please split it.")
BOMB = gettext_noop("The file unpacks to far more than a table of its size would. It was not read.")
DAMAGED = gettext_noop("The packed file is damaged. Please pack it again.")
EMPTY = gettext_noop("The file is empty.")


def is_gzip(head: bytes) -> bool:
    """Return whether a file that begins so is packed by gzip."""
    return head.startswith(_GZIP)


@contextmanager
def open_text(path: Path, packed: bool, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Open a text file that ``find_encoding`` has seen; line ends stay as they are."""
    with path.open("rb", buffering=PIECE) as stream:
        source = cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if packed else stream
        with io.TextIOWrapper(source, encoding=encoding, newline="") as text:
            yield text


def lines_of(stream: IO[str]) -> Iterator[str]:
    """Return the lines of a text with their ends, several times faster than the stream itself hands them out."""
    return chain.from_iterable(_whole_lines(stream))


def _whole_lines(stream: IO[str]) -> Iterator[Iterable[str]]:
    rest = ""
    while piece := stream.read(CHARACTERS):
        text = rest + piece
        # A carriage return at the very end may be the first half of a line end.
        end = text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1
        rest = text[end:]
        yield io.StringIO(text[:end], newline="")
    yield io.StringIO(rest, newline="")


def find_encoding(path: Path, packed: bool, limits: Limits, wanted: str | None = None) -> str:
    """Read the whole file once and return its encoding, or ``wanted`` when the file is in that encoding.

    Raises InvalidInput: empty_file, file_too_large, packed_bomb, damaged_archive, binary_file, nul_bytes,
    unreadable_encoding, line_too_long.
    """
    head = next(_pieces(path, packed, limits), b"")
    if not head.strip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"):
        raise refuse("empty_file", EMPTY)
    encoding = "utf-8-sig" if wanted == "utf-8" else wanted or _encoding_of(head)
    if not encoding.startswith("utf-16"):
        _refuse_binary(head)
    try:
        _check(_pieces(path, packed, limits), encoding, limits)
    except _Misfit as misfit:
        # A first byte beyond ASCII that is no UTF-8 means Windows-1252; a file that mixes both is broken.
        if wanted or encoding != "utf-8" or not misfit.ascii_before:
            raise refuse("unreadable_encoding", UNREADABLE, position=misfit.position) from None
        return find_encoding(path, packed, limits, "cp1252")
    return encoding


class _Misfit(Exception):
    def __init__(self, position: int, ascii_before: bool) -> None:
        super().__init__(position)
        self.position, self.ascii_before = position, ascii_before


def _pieces(path: Path, packed: bool, limits: Limits) -> Iterator[bytes]:
    """Yield the unpacked bytes of a file, and stop with a refusal when there are too many."""
    size, total = path.stat().st_size, 0
    if not packed and size > limits.file_bytes:
        raise refuse("file_too_large", TOO_LARGE, limit=limits.file_bytes // 1_000_000)
    with path.open("rb") as stream:
        source = gzip.GzipFile(fileobj=stream) if packed else stream
        try:
            while piece := source.read(PIECE):
                total += len(piece)
                if packed and total > max(limits.ratio_from, size * limits.ratio):
                    raise refuse("packed_bomb", BOMB)
                if total > limits.file_bytes:
                    raise refuse("file_too_large", TOO_LARGE, limit=limits.file_bytes // 1_000_000)
                yield piece
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise refuse("damaged_archive", DAMAGED) from None


def _encoding_of(head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    # Western text in UTF-16 has a zero in every other byte, and hardly any in between.
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = max(1, min(len(head), 4096) // 2)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * half and odd < 0.05 * half else "utf-8"


def _refuse_binary(head: bytes) -> None:
    control = len(head) - len(head.translate(None, delete=_CONTROL))
    if head.startswith(b"%PDF-") or control > _MOST_CONTROL * len(head):
        raise refuse("binary_file", BINARY)


def _check(pieces: Iterator[bytes], encoding: str, limits: Limits) -> None:
    """Decode everything once, so that a bad byte in the last line is found before the first row is used."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read, line, only_ascii = 0, 0, True
    for piece in pieces:
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            position = read + len(piece) - len(error.object) + error.start
            raise _Misfit(position, only_ascii and before.isascii()) from None
        if "\0" in text:
            raise refuse("nul_bytes", NUL, position=read + piece.find(0))
        read += len(piece)
        only_ascii = only_ascii and text.isascii()
        line = _length_of_open_line(text, line)
        if line > limits.line_characters:
            raise refuse("line_too_long", NO_LINES, limit=limits.line_characters)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _Misfit(read, only_ascii) from None


def _length_of_open_line(text: str, so_far: int) -> int:
    end = max(text.rfind("\n"), text.rfind("\r"))
    return so_far + len(text) if end < 0 else len(text) - end - 1
