"""Revenue over time as columns: actual dark, the previous year light behind it, the change on top."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kam.lib import formatting
from kam.lib.charting import WIDE, Chart, Frame, Measure, Number, Plot, Table, inline, make_chart
from kam.lib.vega import Spec

HEIGHT = 190
ON_PHONES = 5  # a quarter and the same quarter a year before, with labels that do not touch


@dataclass(frozen=True, slots=True)
class Column:
    """One period; ``partial`` says that it is not over."""

    label: str
    actual: Decimal
    previous: Decimal
    partial: bool = False

    @property
    def growth(self) -> float | None:
        return float(self.actual / self.previous - 1) if self.previous > 0 else None


def columns(frame: Frame, rows: Sequence[Column], measure: Measure) -> Chart:
    """Return the columns in the order given; amounts are written in the unit that ``unit_of`` names."""
    unit, _name = unit_of([row.actual for row in rows] + [row.previous for row in rows], measure.currency)
    data = [_datum(row, unit, measure) for row in rows]
    highest = max([0.0, *(max(row["value"], row["previous"]) for row in data)]) or 1.0
    lowest = min([0.0, *(row["value"] for row in data)])
    scale = {"domain": [lowest, highest * 1.34], "nice": False}
    for row in data:
        row["top"] = highest * 1.28
        row["above"] = max(row["value"], row["previous"])

    def draw(width: int) -> Spec:
        x = {"field": "label", "type": "nominal", "sort": None}
        axis = {"title": None, "labelAngle": 0, "labelLimit": 60, "domain": True}
        return {
            "width": width - 20,
            "height": HEIGHT,
            "data": inline(data if width == WIDE else data[-ON_PHONES:]),
            "encoding": {"x": {**x, "axis": axis, "scale": {"paddingInner": 0.3, "paddingOuter": 0.2}}},
            "layer": _layers(scale),
        }

    header = [_("Quarter"), _("Actual"), _("Previous year"), _("Difference")]
    body = [
        [
            row.label,
            measure.exact(row.actual),
            measure.exact(row.previous),
            formatting.percent(row.growth, signed=True),
        ]
        for row in rows
    ]
    legend = [("fac", _("Actual")), ("fpy", _("Previous year"))]
    series: list[tuple[str, list[Number | None]]] = [
        (_("Actual"), [row.actual for row in rows]),
        (_("Previous year"), [row.previous for row in rows]),
    ]
    plot = Plot("columns", [row.label for row in rows], series, measure)
    return replace(make_chart(frame, draw, Table(header, body), legend), plot=plot)


def unit_of(amounts: Sequence[Decimal], currency: str) -> tuple[int, str]:
    """Return (divisor, name) of the unit in which amounts of this size are written: 1000, "Tsd. €"."""
    largest = max((abs(amount) for amount in amounts), default=Decimal(0))
    symbol = formatting.SYMBOLS.get(currency, currency)
    german, english = {10**6: "Mio. ", 1000: "Tsd. ", 1: ""}, {10**6: "m", 1000: "k", 1: ""}
    unit = 10**6 if largest >= 10**6 else 1000 if largest >= 10**4 else 1
    return unit, german[unit] + symbol if formatting.is_german() else symbol + english[unit]


def _datum(row: Column, unit: int, measure: Measure) -> dict[str, Any]:
    scaled = row.actual / unit
    words = f"{row.label}: {measure.text(row.actual)}, {_('previous year')} {measure.text(row.previous)}"
    return {
        "label": row.label,
        "value": float(row.actual),
        "previous": float(row.previous),
        "text": formatting.number(scaled, 2 if 0 < abs(scaled) < 10 and unit > 1 else 0),
        "change": "" if row.growth is None else formatting.number(row.growth * 100, 0, signed=True),
        "better": (row.growth or 0) >= 0,
        "partial": row.partial,
        "name": words,
    }


def _layers(scale: Spec) -> list[Spec]:
    y = {"type": "quantitative", "axis": None, "scale": scale}
    bar = {"type": "bar", "width": {"band": 0.72}}
    tone = {"condition": {"test": "datum.better", "value": "var(--pos)"}, "value": "var(--neg)"}
    unfinished = {"condition": {"test": "datum.partial", "value": "var(--subtle)"}, "value": "var(--ac)"}
    return [
        {
            "mark": {**bar, "xOffset": -7, "color": "var(--py)", "aria": False},
            "encoding": {"y": {"field": "previous", **y}},
        },
        {
            "mark": bar,
            "encoding": {
                "y": {"field": "value", **y},
                "color": unfinished,
                "description": {"field": "name"},
            },
        },
        {
            "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": 600},
            "encoding": {"y": {"field": "above", **y}, "text": {"field": "text"}},
        },
        {
            "mark": {"type": "text", "baseline": "middle", "fontSize": 11},
            "encoding": {"y": {"field": "top", **y}, "text": {"field": "change"}, "color": tone},
        },
    ]
