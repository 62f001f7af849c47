"""How wide the columns of a sheet are and how high its rows, so that it is read on paper as well as on a screen.

Pure: texts in, measures out. Widths are characters of the face that a workbook has (Calibri 11, 7 pixels each).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap

Place = tuple[int, int]

WIDEST, NARROWEST, ROOM = 44, 7, 2
PIXELS, EDGE, LINE, HIGHEST = 7, 5, 15, 405
# A4 across has 1026 pixels between its margins. Texts give way until the 11 points of a sheet are 10 on it; shrunk
# further, to 72 %, they are 8, as in our PDFs.
WANTED, MOST = round(1026 / 0.9), round(1026 / 0.72)


@dataclass(frozen=True, slots=True)
class Layout:
    """Width per column, height per row that needs more than a line, and how many pages it is wide."""

    widths: dict[int, int]
    heights: dict[int, int]
    pages: int


def laid_out(texts: Mapping[Place, str]) -> Layout:
    """Return the layout of the cells (row, column) of a sheet; the first row holds the heads.

    What has spaces may be set on several lines: the widest columns give way until the sheet fits the page.
    """
    columns = sorted({column for _row, column in texts})
    natural = {column: _natural(texts, column) for column in columns}
    least = {column: _least(texts, column) for column in columns}
    widths = dict(natural)
    while _pixels(widths) > WANTED:
        column = max(columns, key=lambda one: (widths[one] - least[one], -one))
        if widths[column] <= least[column]:
            break
        widths[column] -= 1
    return Layout(widths, _heights(texts, widths), 1 if _pixels(widths) <= MOST else 2)


def _pixels(widths: Mapping[int, int]) -> int:
    return sum(PIXELS * width + EDGE for width in widths.values())


def _of(texts: Mapping[Place, str], column: int) -> list[str]:
    return [text for place, text in texts.items() if place[1] == column]


def _natural(texts: Mapping[Place, str], column: int) -> int:
    """As wide as its longest text; a head does not widen a column beyond its longest word."""
    body = [len(text) for (row, at), text in texts.items() if at == column and row > 0]
    return max(_least(texts, column), min(WIDEST, max(body, default=0) + ROOM), NARROWEST)


def _least(texts: Mapping[Place, str], column: int) -> int:
    """No word is cut in two, unless it is longer than a column may be."""
    words = [len(word) for text in _of(texts, column) for word in text.split(" ")]
    return min(WIDEST, max(NARROWEST, max(words, default=0) + ROOM))


def _heights(texts: Mapping[Place, str], widths: Mapping[int, int]) -> dict[int, int]:
    lines: dict[int, int] = {}
    for (row, column), text in texts.items():
        needed = sum(max(1, len(wrap(part, widths[column] - ROOM))) for part in text.split("\n"))
        lines[row] = max(lines.get(row, 1), needed)
    return {row: min(HIGHEST, LINE * count) for row, count in lines.items() if count > 1}
