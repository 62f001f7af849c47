"""Charts of many accounts at once: concentration and distribution."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kam.lib import formatting
from kam.lib.charting import (
    NUMBER,
    PERCENT,
    Chart,
    Frame,
    Measure,
    Number,
    Table,
    inline,
    make_chart,
)
from kam.lib.vega import Spec


def lorenz(frame: Frame, points: Sequence[tuple[float, float]]) -> Chart:
    """Cumulated share of customers (x, smallest first) against cumulated share of value (y), with the 45° line."""
    curve = [(0.0, 0.0), *[point for point in points if point != (0.0, 0.0)]]
    data = [
        {
            "x": x,
            "y": y,
            "name": _("%(customers)s of the customers bring %(value)s of the value")
            % {"customers": formatting.percent(x, 0), "value": formatting.percent(y, 0)},
        }
        for x, y in curve
    ]
    dots = [
        row
        for index, row in enumerate(data)
        if index % max(1, len(data) // 10) == 0 or index == len(data) - 1
    ]

    def draw(width: int) -> Spec:
        axis = {**PERCENT.axis([1]), "tickCount": 5, "labelFlush": True}
        x = {
            "field": "x",
            "type": "quantitative",
            "scale": {"domain": [0, 1]},
            "axis": {**axis, "title": _("Share of the customers")},
        }
        y = {
            "field": "y",
            "type": "quantitative",
            "scale": {"domain": [0, 1]},
            "axis": {**axis, "title": _("Share of the value")},
        }
        equal = {
            "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
            "mark": {
                "type": "line",
                "color": "var(--border-strong)",
                "strokeWidth": 1,
                "strokeDash": [3, 3],
                "aria": False,
            },
        }
        return {
            "width": width - 80,
            "height": min(width - 80, 320),
            "data": inline(data),
            "encoding": {"x": x, "y": y},
            "layer": [
                equal,
                {"mark": {"type": "area", "color": "var(--accent-soft)", "aria": False}},
                {"mark": {"type": "line", "aria": False}},
                {
                    "data": inline(dots),
                    "mark": {"type": "point", "size": 30},
                    "encoding": {"description": {"field": "name"}},
                },
            ],
        }

    body = [[formatting.percent(x), formatting.percent(y)] for x, y in curve]
    return make_chart(frame, draw, Table([_("Share of the customers"), _("Share of the value")], body))


def whale(frame: Frame, cumulated: Sequence[float], told: tuple[int, str]) -> Chart:
    """Cumulated share over the number of accounts, the most profitable first; ``told`` names one place in words.

    What stands above 100 % the others take back: the curve rises and falls like a back from the water.
    """
    count = len(cumulated)
    curve = [0.0, *cumulated]
    line = [{"x": place, "y": curve[place]} for place in _places(count, 60)]
    dots = [{"x": place, "y": curve[place], "name": _said(place, curve)} for place in _places(count, 12)[1:]]
    label = [{"x": told[0], "y": curve[told[0]], "text": told[1]}]
    right = told[0] < count * 0.6

    def draw(width: int) -> Spec:
        axis = {"title": _("Accounts, the most profitable first"), "grid": False, "tickCount": 5}
        x = {
            "field": "x",
            "type": "quantitative",
            "scale": {"domain": [0, count], "nice": False},
            "axis": axis,
        }
        domain = [min(curve), max(1.0, *curve) * 1.1]
        y = {
            "field": "y",
            "type": "quantitative",
            "scale": {"domain": domain, "nice": False},
            "axis": {"title": None, "tickCount": 5, **PERCENT.axis([1])},
        }
        text = {"type": "text", "fontWeight": 600, "dy": 14}
        text |= {"align": "left", "dx": 8} if right else {"align": "right", "dx": -8}
        return {
            "width": width - 60,
            "height": 220,
            "data": inline(line),
            "encoding": {"x": x, "y": y},
            "layer": [
                {"mark": {"type": "area", "color": "var(--accent-soft)", "aria": False}},
                {
                    "data": inline([{"x": 0, "y": 1}, {"x": count, "y": 1}]),
                    "mark": {
                        "type": "line",
                        "color": "var(--border-strong)",
                        "strokeWidth": 1,
                        "strokeDash": [3, 3],
                    },
                },
                {"mark": {"type": "line", "aria": False}},
                _pointed(dots),
                _pointed([{**label[0], "name": told[1]}], 80),
                {"data": inline(label), "mark": text, "encoding": {"text": {"field": "text"}}},
            ],
        }

    body = [_said(place, curve).split(": ") for place in _places(count, 12)[1:]]
    return make_chart(frame, draw, Table([_("Accounts"), _("Cumulated share")], body))


def _pointed(rows: list[dict[str, Any]], size: int = 30) -> Spec:
    mark = {"type": "point", "size": size}
    return {"data": inline(rows), "mark": mark, "encoding": {"description": {"field": "name"}}}


def _said(place: int, curve: Sequence[float]) -> str:
    first = _("first %(count)s") % {"count": formatting.number(place)}
    return f"{first}: {formatting.percent(curve[place], 0)}"


def _places(count: int, most: int) -> list[int]:
    """Return at most so many places of a row, spread evenly, its beginning and its end among them."""
    return sorted({round(count * step / most) for step in range(most + 1)})


def histogram(
    frame: Frame,
    bins: Sequence[tuple[Number, Number, int]],
    measure: Measure = NUMBER,
    hot: Number | None = None,
) -> Chart:
    """How often values fall between two bounds (low, high, count); the bin that holds ``hot`` is in accent."""
    data = [
        {
            "from": low,
            "to": high,
            "count": count,
            "hot": hot is not None and low <= hot < high,
            "name": f"{measure.text(low)} – {measure.text(high)}: {formatting.number(count)}",
        }
        for low, high, count in bins
    ]
    scale = measure.axis([high for _low, high, _count in bins])

    def draw(width: int) -> Spec:
        colour = {"condition": {"test": "datum.hot", "value": "var(--accent)"}, "value": "var(--ac)"}
        x = {
            "field": "from",
            "type": "quantitative",
            "bin": "binned",
            "axis": {"title": None, "grid": False, "tickCount": 6, "domain": True, **scale},
        }
        y = {
            "field": "count",
            "type": "quantitative",
            "axis": {"title": _("Count"), "tickCount": 4, "tickMinStep": 1},
        }
        return {
            "width": width - 80,
            "height": 170,
            "data": inline(data),
            "mark": {"type": "bar", "stroke": "var(--surface)"},
            "encoding": {
                "x": x,
                "x2": {"field": "to"},
                "y": y,
                "color": colour,
                "description": {"field": "name"},
            },
        }

    body = [
        [f"{measure.text(low)} – {measure.text(high)}", formatting.number(count)] for low, high, count in bins
    ]
    return make_chart(frame, draw, Table([_("From – to"), _("Count")], body))
