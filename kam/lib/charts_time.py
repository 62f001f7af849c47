"""Columns over time as controllers read them: actual solid, previous year light, plan outlined, forecast hatched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kam.lib.charting import NUMBER, WIDE, Chart, Frame, Measure, Number, Table, inline, make_chart
from kam.lib.vega import Spec


@dataclass(frozen=True, slots=True)
class Column:
    """One period: what was, what was a year before, what was planned, or what is to come and from where to where."""

    label: str
    actual: Number | None = None
    previous: Number | None = None
    plan: Number | None = None
    forecast: Number | None = None
    low: Number | None = None
    high: Number | None = None
    partial: bool = False

    @property
    def shown(self) -> str:
        return f"{self.label}*" if self.partial else self.label


def columns(frame: Frame, rows: Sequence[Column], measure: Measure = NUMBER) -> Chart:
    """Vertical columns from zero on; a partial period has a star, a forecast its interval."""
    data = [_datum(row, measure) for row in rows]
    figures = [value for row in rows for value in (row.actual, row.previous, row.plan, row.forecast) if value]
    scale = measure.axis(figures)

    def draw(width: int) -> Spec:
        step = (width - 60) / max(1, len(rows))
        x: Spec = {"field": "label", "type": "ordinal", "sort": None}
        x["axis"] = {
            "title": None,
            "grid": False,
            "labelAngle": 0 if width == WIDE else -60,
            "labelOverlap": True,
        }
        y = {"title": None, "tickCount": 4, **scale}
        return {
            "width": width - 60,
            "height": 200,
            "data": inline(data),
            "encoding": {"x": x, "y": {"type": "quantitative", "axis": y}},
            "layer": [
                _bars("previous", step * 0.8, {"color": "var(--py)", "aria": False}),
                _bars("actual", step * 0.5, {"color": "var(--ac)"}),
                _bars("plan", step * 0.8, {"filled": False, "stroke": "var(--text)", "aria": False}),
                _bars("forecast", step * 0.5, {"fill": "url(#hatch)", "stroke": "var(--ac)"}),
                {
                    "transform": [{"filter": "datum.low !== null"}],
                    "mark": {"type": "rule", "aria": False},
                    "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}},
                },
            ],
        }

    return make_chart(frame, draw, _table(rows, measure), _legend(rows))


def _bars(name: str, width: float, mark: Spec) -> Spec:
    return {
        "transform": [{"filter": f"datum.{name} !== null"}],
        "mark": {"type": "bar", "width": max(2, width), **mark},
        "encoding": {"y": {"field": name}, "description": {"field": "name"}},
    }


def _datum(row: Column, measure: Measure) -> dict[str, Any]:
    said = [f"{label} {measure.text(value)}" for label, value in _figures(row) if value is not None]
    named = {"label": row.shown, "name": f"{row.label}: {', '.join(said)}", "actual": row.actual}
    named |= {"previous": row.previous, "plan": row.plan, "forecast": row.forecast}
    return named | {"low": row.low, "high": row.high}


def _figures(row: Column) -> list[tuple[str, Number | None]]:
    names = (_("Actual"), _("Previous year"), _("Plan"), _("Forecast"))
    return list(zip(names, (row.actual, row.previous, row.plan, row.forecast), strict=True))


def _present(rows: Sequence[Column]) -> list[bool]:
    return [any(_figures(row)[place][1] is not None for row in rows) for place in range(4)]


def _table(rows: Sequence[Column], measure: Measure) -> Table:
    kept = [place for place, there in enumerate(_present(rows)) if there]
    names = [label for label, _value in _figures(Column(""))]
    body = [[row.shown, *[measure.exact(_figures(row)[place][1]) for place in kept]] for row in rows]
    return Table([_("Month"), *[names[place] for place in kept]], body)


def _legend(rows: Sequence[Column]) -> list[tuple[str, str]]:
    marks = ("fac", "fpy", "fplan", "fhatch")
    names = [label for label, _value in _figures(Column(""))]
    kept = [(marks[place], names[place]) for place, there in enumerate(_present(rows)) if there]
    return kept if len(kept) > 1 else []
