"""What every chart is made of: frame, measure, table, and the channels that the builders share."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from textwrap import wrap
from typing import Any, Literal

from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from kam.lib import formatting, vega
from kam.lib.vega import Spec

Number = int | float | Decimal
WIDE, NARROW = 560, 330
SERIES = [f"var(--c{position})" for position in range(1, 7)]
ROW = 26
LINE_HEIGHT, LABEL_HEIGHT = 180, 15  # pixels of a drawing of lines, and of the name at the end of one
LETTER, NAME = 7, 19  # pixels of a letter on average, letters of a name that a phone has room for on a line


@dataclass(frozen=True)
class Table:
    header: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Frame:
    """What stands around a drawing: the message, the measure with unit and period, the source."""

    title: str
    subtitle: str = ""
    note: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Plot:
    """The numbers of a drawing, for programs that draw it themselves; of a waterfall the ends are totals."""

    kind: Literal["bars", "columns", "waterfall", "line", "stacked"]
    labels: list[str]
    series: list[tuple[str, list[Number | None]]]
    measure: "Measure"


@dataclass(frozen=True)
class Chart:
    """``svg`` is the wide drawing, ``narrow`` the same for phones and columns; ``legend`` is (class, label).

    Paper has no use for the narrow one, so it is drawn when it is first asked for.
    """

    title: str
    svg: SafeString
    draw_narrow: Callable[[], SafeString]
    table: Table
    subtitle: str = ""
    note: str = ""
    anchor: str = ""
    legend: list[tuple[str, str]] = field(default_factory=list)
    plot: Plot | None = None

    @cached_property
    def narrow(self) -> SafeString:
        return self.draw_narrow()

    @property
    def height(self) -> float:
        """Return how high the wide drawing is, in pixels at its own size."""
        _left, _top, _width, height = self.svg.split('viewBox="', 1)[1].split('"', 1)[0].split()
        return float(height)


@dataclass(frozen=True)
class Measure:
    """How a value is written: money in a currency, a share as percent, or a plain number."""

    kind: Literal["money", "percent", "number"] = "number"
    currency: str = "EUR"
    decimals: int = 0

    def text(self, value: Number, *, signed: bool = False) -> str:
        if self.kind == "money":
            return ("+" if signed and value > 0 else "") + formatting.money_short(value, self.currency)
        if self.kind == "percent":
            return formatting.percent(value, self.decimals, signed=signed)
        return formatting.number(value, self.decimals, signed=signed)

    def axis(self, values: Sequence[Number]) -> Spec:
        """Return the axis settings whose labels read like ``text`` (a Vega expression, in the reader's language)."""
        space = "\\u00a0" if formatting.is_german() else ""
        if self.kind == "percent":
            return {"labelExpr": f"format(datum.value * 100, ',~f') + '{space}%'"}
        if self.kind == "number":
            return {"format": ",~f"}
        return {
            "labelExpr": f"format(datum.value / {_unit(values)}, ',~f')",
            "title": self._unit_name(values),
        }

    def _unit_name(self, values: Sequence[Number]) -> str:
        """Return "Mio. €", "Tsd. €" or "€"."""
        symbol = formatting.SYMBOLS.get(self.currency, self.currency)
        german = {1: "", 1000: "Tsd. ", 10**6: "Mio. "}
        english = {1: "", 1000: "k ", 10**6: "m "}
        return (german if formatting.is_german() else english)[_unit(values)] + symbol

    def exact(self, value: Number | None) -> str:
        """Return the value for the table: money to the cent."""
        if self.kind == "money":
            return formatting.money(value, self.currency)
        return formatting.MISSING if value is None else self.text(value)


def _unit(values: Sequence[Number]) -> int:
    largest = max((abs(float(value)) for value in values), default=0.0)
    return 10**6 if largest >= 10**6 else 1000 if largest >= 10**4 else 1


NUMBER = Measure()
PERCENT = Measure("percent", decimals=0)


def make_chart(
    frame: Frame, draw: Callable[[int], Spec], table: Table, legend: list[tuple[str, str]] | None = None
) -> Chart:
    description = frame.subtitle or frame.title
    language = get_language()

    def drawn(width: int) -> SafeString:
        with override(language):  # whoever asks later may read another language
            return vega.render(draw(width), frame.title, description)

    narrow = partial(drawn, NARROW)
    return Chart(
        frame.title, drawn(WIDE), narrow, table, frame.subtitle, frame.note, frame.anchor, legend or []
    )


def inline(rows: list[dict[str, Any]]) -> Spec:
    # Vega calculates with doubles; what people read are the texts made from the exact values.
    return {
        "values": [{k: float(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in rows]
    }


def as_wide_as(width: int) -> Spec:
    """As wide altogether, names included: every drawing has texts of one size on a page."""
    return {"width": width + 20, "autosize": {"type": "fit-x", "contains": "padding"}}


def name_axis(width: int, labels: Sequence[str] = ()) -> Spec:
    """Names down the left side, in the order of the rows or of ``labels``; on phones those take two lines."""
    axis: Spec = {"title": None, "labelLimit": _name_limit(width), "labelColor": "var(--text)"}
    if width == NARROW and labels:
        axis |= {"labelExpr": _in_two_lines(labels), "labelLineHeight": 12}
    channel: Spec = {"field": "label", "type": "nominal", "sort": None, "axis": axis}
    return {**channel, "scale": {"domain": list(labels)}} if labels else channel


def _name_limit(width: int) -> int:
    return 120 if width == NARROW else 200


def _in_two_lines(labels: Sequence[str]) -> str:
    """Return the expression that breaks names a phone has no room for; a third line would touch the next name."""
    lines = {label: wrap(label, NAME, max_lines=2, placeholder="…") for label in labels if len(label) > NAME}
    return f"{json.dumps(lines)}[datum.label] || datum.label" if lines else "datum.label"


def without_axis(name: str, **scale: Any) -> Spec:
    """A quantitative channel whose axis the direct labels replace."""
    return {"field": name, "type": "quantitative", "axis": None, "scale": {"nice": False, **scale}}


def domain_with_room(values: Sequence[Number], share: float = 0.22) -> list[float]:
    """Return a domain from zero (or the lowest value) with room for the label beyond the longest bar."""
    high, low = max([0.0, *map(float, values)]), min([0.0, *map(float, values)])
    span = (high - low) or 1.0
    return [low - span * 0.02 if low < 0 else 0.0, high + span * share]


def label_room(texts: Sequence[str], names: Sequence[str], width: int) -> float:
    """Return how much longer than its longest bar an axis must be for the words beyond it, names at the left."""
    words = LETTER * max(map(len, texts), default=0) + 12
    beside = min(_name_limit(width), LETTER * max(map(len, names), default=0)) + 16
    return words / max(width + 20 - beside - words, width / 8)


def row_height(width: int, names: Sequence[str]) -> int:
    """Return the height of a row: on phones long names take two lines, and need air between them."""
    return ROW + 10 if width == NARROW and any(len(name) > NAME for name in names) else ROW


def direct_label(text: str, x: str, value: str, **mark: Any) -> Spec:
    """Direct labels: right of a positive end; right of zero for negative bars, where nothing is drawn."""
    style = {"type": "text", "align": "left", "dx": 5, "baseline": "middle"} | mark
    words = {"text": {"field": text}}
    beyond = {"field": x, "type": "quantitative"}
    return {
        "layer": [
            {
                "transform": [{"filter": f"datum.{value} >= 0"}],
                "mark": style,
                "encoding": {"x": beyond} | words,
            },
            {
                "transform": [{"filter": f"datum.{value} < 0"}],
                "mark": style,
                "encoding": {"x": {"datum": 0}} | words,
            },
        ]
    }


def lowered(last: Mapping[str, Number], known: Sequence[Number]) -> dict[str, float]:
    """Return by how many pixels the name at the end of each line moves down, so that none covers another.

    ``last`` are the values the lines end at, ``known`` all values that the axis spans.
    """
    spanned = [float(value) for value in known]
    top = max(spanned, default=0.0)
    step = LINE_HEIGHT / (top - min(spanned, default=0.0) or 1.0)
    moved: dict[str, float] = {}
    free = -math.inf
    for name in sorted(last, key=lambda name: -last[name]):
        place = (top - float(last[name])) * step
        moved[name] = max(0.0, free - place)
        free = place + moved[name] + LABEL_HEIGHT
    return moved
