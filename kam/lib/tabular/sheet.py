"""One worksheet as rows of texts, read in pieces: what is held does not grow with the sheet."""

from collections.abc import Iterator, Sequence
from typing import IO

from kam.lib.tabular.cellformats import Meaning, as_text
from kam.lib.tabular.sharedtexts import SharedTexts, unescaped
from kam.lib.tabular.xml import Damaged, local_name, parsed

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384


class SheetRows:
    """Gathers the cells of rows while a sheet is parsed; ``width`` is how many cells every row has at least."""

    def __init__(self, texts: SharedTexts, styles: Sequence[Meaning], since_1904: bool, width: int) -> None:
        self._texts, self._styles, self._since_1904 = texts, styles, since_1904
        self._width = width
        self._ready: list[list[str]] = []
        self._rows = 0  # finished ones, blank ones between them included
        self._cells: list[str] = []
        self._kind = self._style = ""
        self._value: list[str] = []
        self._is_value = self._is_spoken = False
        self._names: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._numbers: dict[tuple[str, str], str] = {}

    def read(self, stream: IO[bytes]) -> Iterator[list[str]]:
        """Yield the rows from the top of the sheet. Raises Damaged."""
        for _ in parsed(stream, self._start, self._end, self._text):
            yield from self._ready
            self._ready.clear()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names.get(tag) or self._names.setdefault(tag, local_name(tag))
        if name == "c":
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            if place := attributes.get("r"):
                self._pad(self._column(place))
            self._value = []
        elif name in ("v", "t"):
            self._is_value = not self._is_spoken
        elif name == "row":
            self._begin_row(attributes.get("r", ""))
        elif name == "rPh":
            self._is_spoken = True

    def _text(self, text: str) -> None:
        if self._is_value:
            self._value.append(text)

    def _end(self, tag: str) -> None:
        name = self._names[tag]
        if name in ("v", "t"):
            self._is_value = False
        elif name == "c":
            if len(self._cells) >= MOST_COLUMNS:
                raise Damaged
            self._cells.append(self._meant("".join(self._value)) if self._value else "")
        elif name == "row":
            self._pad(self._width)
            self._ready.append(self._cells)
            self._rows += 1
        elif name == "rPh":
            self._is_spoken = False

    def _begin_row(self, number: str) -> None:
        row = int(number) if number.isdigit() else self._rows + 1
        if not self._rows < row <= MOST_ROWS:
            raise Damaged
        blank = [""] * self._width
        self._ready.extend(blank for _ in range(row - self._rows - 1))
        self._rows = row - 1
        self._cells = []

    def _pad(self, width: int) -> None:
        if len(self._cells) < width:
            self._cells.extend([""] * (width - len(self._cells)))

    def _column(self, place: str) -> int:
        """Return how many columns stand before a cell: 2 for C7."""
        letters = place.rstrip("0123456789")
        known = self._columns.get(letters)
        if known is None:
            known = 0
            for letter in letters.upper():
                known = known * 26 + ord(letter) - 64
            if not 0 < known <= MOST_COLUMNS:
                raise Damaged
            self._columns[letters] = known
        if known <= len(self._cells):
            raise Damaged  # cells out of their order
        return known - 1

    def _meant(self, value: str) -> str:
        kind = self._kind
        if kind == "n":
            key = (value, self._style)
            known = self._numbers.get(key)
            if known is None:
                if len(self._numbers) > 30_000:
                    self._numbers.clear()
                known = self._numbers[key] = as_text(value, self._meaning(), self._since_1904)
            return known
        if kind == "s":
            try:
                return self._texts[int(value)]
            except (ValueError, IndexError):
                raise Damaged from None
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        return value.replace("T", " ").removesuffix("Z") if kind == "d" else unescaped(value)

    def _meaning(self) -> Meaning:
        place = int(self._style) if self._style.isdigit() else 0
        return self._styles[place] if place < len(self._styles) else Meaning.NUMBER
