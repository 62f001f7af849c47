"""What a document is made of: sections with key figures, charts, tables and goals, all as ready texts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from goals.status import STATES, TONES
from kam.lib import formatting
from kam.lib.charts import Chart, Measure

Data = dict[str, Any]
Builder = Callable[[Data, "Context"], "Section"]


@dataclass(frozen=True, slots=True)
class Context:
    """What every section needs to know of the whole."""

    currency: str
    as_of: date
    message: str

    @property
    def money(self) -> Measure:
        return Measure("money", self.currency)


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure of the strip."""

    label: str
    value: str
    note: str = ""
    tone: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first column is left, ``texts`` says how many more are, ``links`` where each row leads."""

    header: list[str]
    rows: list[list[str]]
    texts: int = 0
    links: list[str] = field(default_factory=list)

    @property
    def labelled(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the rows as link and (head, cell), for tables that become cards on phones."""
        links = self.links or [""] * len(self.rows)
        return [
            (link, list(zip(self.header, row, strict=True)))
            for link, row in zip(links, self.rows, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal as a bullet: shares of the way gone and of the time gone, and the state in words."""

    title: str
    note: str
    value: str
    actual: float | None
    plan: float
    state: str
    tone: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the document under its message; ``measure`` says what is shown, in which unit, for when."""

    code: str
    title: str
    measure: str = ""
    figures: list[Figure] = field(default_factory=list)
    chart: Chart | None = None
    grid: Grid | None = None
    goals: list[GoalLine] = field(default_factory=list)
    note: str = ""
    source: str = ""
    origin: str = ""
    therefore: str = ""

    @property
    def valued(self) -> bool:
        """Say whether a goal has actual and target; a list of names alone needs no empty column."""
        return any(goal.value for goal in self.goals)


def day_text(iso: str | None) -> str:
    return formatting.date(date.fromisoformat(iso)) if iso else formatting.MISSING


def state_text(state: str) -> str:
    return str(STATES[state]) if state in STATES else state


def state_tone(state: str) -> str:
    return TONES.get(state, "out")


def amount(text: str | None) -> Decimal:
    return Decimal(text or "0")
