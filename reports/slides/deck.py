"""The slides of a report, before anybody draws them: one message each, and never more than fits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from math import ceil
from textwrap import wrap
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import override

from kam.lib.charting import Chart
from reports.blocks import Data, Figure, GoalLine, Grid, Section
from reports.document import Document, document

Row = TypeVar("Row")
ROOM = 10  # lines of a table under its head
LINE = 100  # characters from the left edge to the right one
GAP = 3  # between a column and the next one
GOAL_ROOM, GOAL_LINE = 12, 56
BESIDE_FIGURES = 6  # lines of a table that still fit below a strip of figures
CHART_ROOM, CHART_LINE = 220, 17  # pixels below figures of a drawing that can be read, and of a line of text
SHORT_TITLE = 60


@dataclass(frozen=True, slots=True)
class Slide:
    """A message as title, and below it one thing: figures, a chart, a table, goals, or nothing but words."""

    kind: str
    code: str
    title: str
    measure: str = ""
    lead: str = ""
    messages: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    chart: Chart | None = None
    grid: Grid | None = None
    goals: list[GoalLine] = field(default_factory=list)
    note: str = ""
    therefore: str = ""
    part: str = ""  # "1/2" where a section takes two slides

    @property
    def valued(self) -> bool:
        """Say whether a goal has actual and target."""
        return any(goal.value for goal in self.goals)

    @property
    def table(self) -> Grid | None:
        """Return the exact figures, which a chart shows in round ones."""
        return Grid(self.chart.table.header, self.chart.table.rows) if self.chart else self.grid

    @property
    def notes(self) -> list[str]:
        """Return what the speaker may want to say, line by line; the same for every reader of the report."""
        said = [
            self.measure,
            *([_("What follows: %(text)s") % {"text": self.therefore}] * bool(self.therefore)),
        ]
        figures = [f"{figure.label}: {figure.value}, {figure.note}".rstrip(", ") for figure in self.figures]
        rows = (
            [_row_in_words(self.table, row) for row in self.table.rows] if self.table and self.chart else []
        )
        return [text for text in [*said, *figures, *rows, self.note] if text]


def _row_in_words(grid: Grid, row: list[str]) -> str:
    cells = (f"{head} {cell}" for head, cell in zip(grid.header[1:], row[1:], strict=True))
    return f"{row[0]}: {', '.join(cells)}"


@dataclass(frozen=True, slots=True)
class Deck:
    """All slides, and the line that says under each where its figures are from and of which day."""

    title: str
    company: str
    kind: str
    language: str
    source: str
    slides: list[Slide]


def deck(snapshot: Data) -> Deck:
    """Return the slides of a snapshot: title, the most important, then each section under its message."""
    shown = document(snapshot)
    with override(shown.language):
        words = {"company": shown.company, "day": shown.as_of, "class": shown.confidential}
        source = _("Source: %(company)s, as of %(day)s · %(class)s") % words
        slides = [slide for section in shown.sections for slide in _slides(section)]
        return Deck(
            shown.title, shown.company, shown.kind, shown.language, source, [*_opening(shown), *slides]
        )


def _opening(shown: Document) -> Iterator[Slide]:
    yield Slide("title", "title", shown.title, f"{shown.company} · {shown.kind}", shown.lead)
    if shown.messages:
        yield Slide("messages", "messages", _("The most important"), messages=shown.messages)


def _slides(section: Section) -> list[Slide]:
    """Return the slides of a section, a low chart below its figures; what follows from it stands on the last one."""
    empty = Slide("statement", section.code, section.title, section.measure, note=section.note)
    tables = pages_of(section.grid) if section.grid and section.grid.rows else []
    found = []
    if section.figures:
        below = tables.pop() if _fits_below_figures(section, tables) else None
        found.append(replace(empty, kind="figures", figures=section.figures, grid=below))
    if section.chart and found and _chart_fits_below_figures(section, section.chart):
        found[0] = replace(found[0], kind="chart", chart=section.chart)
    elif section.chart:
        found.append(replace(empty, kind="chart", chart=section.chart))
    found += [replace(empty, kind="table", grid=grid) for grid in tables]
    found += [replace(empty, kind="goals", goals=goals) for goals in goals_by_slide(section.goals)]
    found = found or [empty]
    found[-1] = replace(found[-1], therefore=section.therefore)
    if len(found) == 1:
        return found
    return [
        replace(slide, part=f"{place}/{len(found)}", code=f"{slide.code}-{place}")
        for place, slide in enumerate(found, 1)
    ]


def _fits_below_figures(section: Section, tables: list[Grid]) -> bool:
    if section.chart or len(tables) != 1:
        return False
    widths = shares(tables[0])
    return sum(lines_of(row, widths) for row in tables[0].rows) <= BESIDE_FIGURES


def _chart_fits_below_figures(section: Section, chart: Chart) -> bool:
    lines = sum(map(bool, (section.note, section.therefore, chart.legend)))
    lines += 2 * (len(section.title) > SHORT_TITLE)
    return chart.height <= CHART_ROOM - CHART_LINE * lines


def pages_of(grid: Grid) -> list[Grid]:
    """Split a table so that each piece fits on a slide."""
    widths = shares(grid)
    rows = [piece for row in grid.rows for piece in _pieces(row, widths)]
    pages = _filled(rows, lambda row: lines_of(row, widths), ROOM)
    return [Grid(grid.header, rows, grid.texts) for rows in pages]


def _pieces(row: list[str], widths: list[float]) -> list[list[str]]:
    """Return a row as it is, or cut into several when one of its cells alone would fill more than a slide."""
    if lines_of(row, widths) <= ROOM:
        return [row]
    cells = [
        wrap(cell, max(1, int(width * LINE * ROOM)), break_long_words=True) or [""]
        for cell, width in zip(row, widths, strict=True)
    ]
    return [list(piece) for piece in zip_longest(*cells, fillvalue="")]


def goals_by_slide(goals: list[GoalLine]) -> list[list[GoalLine]]:
    return _filled(goals, goal_lines, GOAL_ROOM)


def _filled(rows: list[Row], lines: Callable[[Row], int], room: int) -> list[list[Row]]:
    pages: list[list[Row]] = []
    left = 0
    for row in rows:
        needed = lines(row)
        if not pages or needed > left:
            pages.append([])
            left = room
        pages[-1].append(row)
        left -= needed
    return pages


def goal_lines(goal: GoalLine) -> int:
    """Return how many lines the name of a goal takes, with who and when below it."""
    return ceil(len(goal.title) / GOAL_LINE) + ceil(len(goal.note) / GOAL_LINE)


def shares(grid: Grid) -> list[float]:
    """Return how wide each column of a table is, as shares of the whole; no word makes way for a longer text."""
    columns = list(zip(grid.header, *grid.rows, strict=True))
    least = [
        min(30, max(len(word) for cell in column for word in cell.split(" ")) + GAP) for column in columns
    ]
    wanted = [min(60, max(8, *(len(cell) for cell in column))) for column in columns]
    over = [max(0, wish - word) for wish, word in zip(wanted, least, strict=True)]
    room = max(0, LINE - sum(least)) / (sum(over) or 1)
    widths = [word + more * room for word, more in zip(least, over, strict=True)]
    return [width / sum(widths) for width in widths]


def lines_of(row: list[str], widths: list[float]) -> int:
    return max(ceil(len(cell) / max(1, width * LINE)) for cell, width in zip(row, widths, strict=True)) or 1
