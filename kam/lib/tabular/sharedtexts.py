"""The texts of a workbook's cells. Excel writes each once, in a part of its own that can be as large as the sheet."""

import re
import tempfile
from array import array
from typing import IO

from kam.lib.tabular.xml import local_name, parsed

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
REMEMBERED = 30_000


def unescaped(text: str) -> str:
    """Return a text with its _x000D_ as the characters they stand for, without NUL and halves of characters."""
    if "_x" not in text:
        return text
    meant = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).replace("\0", "")
    return meant.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


class SharedTexts:
    """Texts by their number: in a file on disk, the last ones asked for in memory."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._ends = array("Q", [0])
        self._known: dict[int, str] = {}
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the workbook is open
        if stream is not None:
            self._fill(stream)

    def __getitem__(self, number: int) -> str:
        """Return a text. Raises IndexError when there is no such number."""
        text = self._known.get(number)
        if text is None:
            if not 0 <= number < len(self._ends) - 1:
                raise IndexError(number)
            start, end = self._ends[number], self._ends[number + 1]
            self._file.seek(start)
            if len(self._known) > REMEMBERED:
                self._known.clear()
            text = self._known[number] = self._file.read(end - start).decode()
        return text

    def _fill(self, stream: IO[bytes]) -> None:
        parts: list[str] = []
        inside: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            inside.append(local_name(tag))

        def text(piece: str) -> None:
            if inside and inside[-1] == "t" and "rPh" not in inside:  # not how a Japanese name is spoken
                parts.append(piece)

        def end(tag: str) -> None:
            if inside.pop() == "si":
                content = unescaped("".join(parts)).encode()
                parts.clear()
                self._file.write(content)
                self._ends.append(self._ends[-1] + len(content))

        for _ in parsed(stream, start, end, text):
            pass
