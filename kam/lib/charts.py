"""The charts of the product: each builder takes figures and returns a message, a drawing and its table.

Rules of the house: the title is the message, bars start at zero, direct labels before legends, actual solid and
previous year light, green and red only for better and worse, at most six series, then grey.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from kam.lib import formatting
from kam.lib.charting import (
    LINE_HEIGHT,
    NUMBER,
    PERCENT,
    ROW,
    SERIES,
    WIDE,
    Chart,
    Frame,
    Measure,
    Number,
    Plot,
    Table,
    as_wide_as,
    direct_label,
    domain_with_room,
    inline,
    label_room,
    lowered,
    make_chart,
    name_axis,
    row_height,
    without_axis,
)
from kam.lib.vega import Spec

__all__ = ["NUMBER", "PERCENT", "Chart", "Frame", "Measure", "Table", "bars", "line", "stacked", "waterfall"]


def bars(
    frame: Frame,
    rows: Sequence[tuple[str, Number, Number | None]],
    measure: Measure = NUMBER,
    highlight: Sequence[str] = (),
) -> Chart:
    """Horizontal bars (label, actual, previous year or None) in the order given; highlighted ones in accent."""
    data = [
        {
            "label": label,
            "value": value,
            "text": measure.text(value),
            "hot": label in highlight,
            "previous": previous,
            "edge": value if previous is None or value < 0 else max(value, previous),
            "name": _names(label, measure, value, previous),
        }
        for label, value, previous in rows
    ]
    labels = list(dict.fromkeys(label for label, _value, _previous in rows))
    compared = any(previous is not None for _label_, _value, previous in rows)
    figures = [value for _l, value, _p in rows] + [p for _l, _v, p in rows if p is not None]

    def draw(width: int) -> Spec:
        domain = domain_with_room(
            figures, label_room([measure.text(value) for _label, value, _previous in rows], labels, width)
        )
        previous: Spec = {
            "transform": [{"filter": "datum.previous !== null"}],
            "mark": {"type": "bar", "color": "var(--py)", "height": 16, "aria": False},
            "encoding": {"x": {"field": "previous", "type": "quantitative"}},
        }
        colour = {"condition": {"test": "datum.hot", "value": "var(--accent)"}, "value": "var(--ac)"}
        actual = {
            "mark": {"type": "bar", "height": 8 if compared else 16},
            "encoding": {"color": colour, "description": {"field": "name"}},
        }
        layers = [previous, actual] if compared else [actual]
        shared = {"y": name_axis(width, labels), "x": without_axis("value", domain=domain)}
        return {
            **as_wide_as(width),
            "height": {"step": row_height(width, labels)},
            "data": inline(data),
            "encoding": shared,
            "layer": [*layers, direct_label("text", "edge", "value")],
        }

    header = [_("Name"), _("Actual"), *([_("Previous year")] if compared else [])]
    body = [
        [label, measure.exact(value), *([measure.exact(previous)] if compared else [])]
        for label, value, previous in rows
    ]
    legend = [("fac", _("Actual")), ("fpy", _("Previous year"))] if compared else []
    actual: list[Number | None] = [value for _label, value, _previous in rows]
    before = [(_("Previous year"), [previous for _l, _v, previous in rows])] if compared else []
    plot = Plot("bars", [label for label, _v, _p in rows], [(_("Actual"), actual), *before], measure)
    return replace(make_chart(frame, draw, Table(header, body), legend), plot=plot)


def _names(label: str, measure: Measure, value: Number, previous: Number | None) -> str:
    text = f"{label}: {measure.text(value)}"
    return f"{text}, {_('previous year')} {measure.text(previous)}" if previous is not None else text


def stacked(
    frame: Frame,
    series: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Number]]],
    measure: Measure = NUMBER,
) -> Chart:
    """Stacked contributions per label, series in fixed order and colour; the total stands at the end."""
    data: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    for label, values in rows:
        start = 0.0
        for position, (name, value) in enumerate(zip(series, values, strict=True)):
            data.append(
                {
                    "label": label,
                    "from": start,
                    "to": start + float(value),
                    "name": f"{label}, {name}: {measure.text(value)}",
                    "series": position,
                }
            )
            start += float(value)
        total = _sum(values)
        totals.append({"label": label, "value": total, "text": measure.text(total)})
    colours = [SERIES[p] if p < len(SERIES) else "var(--c-other)" for p in range(len(series))]
    domain = domain_with_room([row["value"] for row in totals], 0.14)

    def draw(width: int) -> Spec:
        segment = {
            "data": inline(data),
            "mark": {"type": "bar", "height": {"band": 0.62}, "stroke": "var(--surface)", "strokeWidth": 1},
            "encoding": {
                "x": without_axis("from", domain=domain),
                "x2": {"field": "to"},
                "color": {
                    "field": "series",
                    "type": "nominal",
                    "legend": None,
                    "scale": {"domain": list(range(len(series))), "range": colours},
                },
                "description": {"field": "name"},
            },
        }
        total = {**direct_label("text", "value", "value", fontWeight=600), "data": inline(totals)}
        return {
            **as_wide_as(width),
            # As high as ten rows at most: a taller chart would be scaled down on a slide until nobody can read it.
            "height": {"step": min(ROW, 10 * ROW / max(1, len(rows)))},
            "encoding": {"y": name_axis(width)},
            "layer": [segment, total],
        }

    header = [_("Name"), *series, _("Total")]
    body = [
        [label, *map(measure.exact, values), row["text"]]
        for (label, values), row in zip(rows, totals, strict=True)
    ]
    legend = [(f"f{position + 1}" if position < 6 else "fo", name) for position, name in enumerate(series)]
    parts: list[tuple[str, list[Number | None]]] = [
        (name, [values[place] for _label, values in rows]) for place, name in enumerate(series)
    ]
    plot = Plot("stacked", [label for label, _values in rows], parts, measure)
    return replace(make_chart(frame, draw, Table(header, body), legend), plot=plot)


def line(
    frame: Frame,
    series: Mapping[str, Sequence[tuple[dt.date, Number | None]]],
    measure: Measure = NUMBER,
    *,
    from_zero: bool = True,
) -> Chart:
    """Values over time; the first series in accent, the others grey, each named at its end.

    The line breaks at None: nothing is known there, and nothing is drawn.
    """
    names = list(series)
    data = [
        {
            "day": day.isoformat(),
            "value": value,
            "series": name,
            "end": index == len(points) - 1,
            "text": "" if value is None else f"{name} {measure.text(value)}",
            "name": "" if value is None else f"{name}, {formatting.month(day)}: {measure.text(value)}",
        }
        for name, points in series.items()
        for index, (day, value) in enumerate(points)
    ]
    colours = ["var(--accent)", *["var(--c-other)"] * (len(names) - 1)]
    days = sorted({day for points in series.values() for day, _value in points})
    known = [value for points in series.values() for _day, value in points if value is not None]
    last = {
        name: value for name, points in series.items() for _day, value in points[-1:] if value is not None
    }
    scale = measure.axis(known)

    def draw(width: int) -> Spec:
        x = {
            "field": "day",
            "type": "temporal",
            "scale": {"type": "utc"},
            "axis": {
                "title": None,
                "grid": False,
                "labelExpr": _MONTH
                % json.dumps([formatting.month(dt.date(2000, place, 1))[:-3] for place in range(1, 13)]),
                "tickCount": 6 if width == WIDE else 3,
                "labelFlush": True,
                "labelOverlap": "greedy",
                "labelSeparation": 12,
            },
        }
        y = {
            "field": "value",
            "type": "quantitative",
            "scale": {"zero": from_zero},
            "axis": {"title": None, "tickCount": 4, **scale},
        }
        colour = {
            "field": "series",
            "type": "nominal",
            "legend": None,
            "scale": {"domain": names, "range": colours},
        }
        base = {"x": x, "y": y, "color": colour}
        ends = [
            {
                "transform": [{"filter": f"datum.end && datum.series === {json.dumps(name)}"}],
                "mark": {"type": "text", "align": "left", "dx": 8, "dy": lower, "limit": 220},
                "encoding": {"text": {"field": "text"}, "color": {"value": "var(--text)"}},
            }
            for name, lower in lowered(last, [*known, 0] if from_zero else known).items()
        ]
        points = {
            "transform": [{"filter": "datum.value !== null"}],
            "mark": {"type": "point", "size": 36},
            "encoding": {"description": {"field": "name"}},
        }
        return {
            "width": width - 150,
            "height": LINE_HEIGHT,
            "data": inline(data),
            "encoding": base,
            "layer": [{"mark": {"type": "line", "aria": False}}, points, *ends],
        }

    by_day = {name: dict(points) for name, points in series.items()}
    body = [
        [formatting.month(day), *[measure.exact(by_day[name].get(day)) for name in names]] for day in days
    ]
    columns: list[tuple[str, list[Number | None]]] = [
        (name, [by_day[name].get(day) for day in days]) for name in names
    ]
    plot = Plot("line", [formatting.month(day) for day in days], columns, measure)
    return replace(make_chart(frame, draw, Table([_("Month"), *names], body)), plot=plot)


def _months() -> list[str]:
    return [formatting.month(dt.date(2000, month, 1))[:-3] for month in range(1, 13)]


# Months as our texts write them: the drawing's own language says Mrz where we say Mär.
_MONTH = "%s[utcmonth(datum.value)] + ' ' + utcFormat(datum.value, '%%y')"


def waterfall(
    frame: Frame,
    start: tuple[str, Number],
    steps: Sequence[tuple[str, Number]],
    end: tuple[str, Number],
    measure: Measure = NUMBER,
) -> Chart:
    """From one total to another: green adds, red takes, both signed.

    Steps that are small beside the totals get a cut axis: a gap breaks the bars of the totals, the subtitle says so.
    """
    rows = _levels(start, steps, end, measure)
    levels = [float(row["from"]) for row in rows[1:-1]] + [float(row["to"]) for row in rows]
    labels = [row["label"] for row in rows]
    low, high = min(levels), max(levels)
    cut = low > 0.6 * high > 0
    foot = low - ((high - low) or 1.0) * 0.5
    for row in (rows[0], rows[-1]) if cut else ():
        row["from"] = foot
    words = [frame.subtitle, *([_("axis from %(value)s") % {"value": measure.text(foot)}] if cut else [])]

    def draw(width: int) -> Spec:
        room = label_room([row["text"] for row in rows], labels, width)
        domain = [foot, high + (high - foot) * room] if cut else domain_with_room([0, *levels], room)
        colour = {
            "field": "kind",
            "type": "nominal",
            "legend": None,
            "scale": {"domain": ["total", "up", "down"], "range": ["var(--ac)", "var(--pos)", "var(--neg)"]},
        }
        shared = {"color": colour, "description": {"field": "name"}}
        bar = {
            "mark": {"type": "bar", "height": 16},
            "encoding": {
                "x": without_axis("from", domain=domain, zero=not cut),
                "x2": {"field": "to"},
                **shared,
            },
        }
        links = {
            "data": inline(_links(rows)),
            "mark": {"type": "rule", "strokeDash": [2, 2]},
            "encoding": {"x": {"field": "at", "type": "quantitative"}, "y2": {"field": "next"}},
        }
        label = {
            "mark": {"type": "text", "align": "left", "dx": 5},
            "encoding": {"x": {"field": "tip", "type": "quantitative"}, "text": {"field": "text"}},
        }
        return {
            **as_wide_as(width),
            "height": {"step": row_height(width, labels)},
            "data": inline(rows),
            "encoding": {"y": name_axis(width, labels)},
            "layer": [bar, *([_BREAK] if cut else []), label, links],
        }

    body = [
        [row["label"], measure.exact(row["value"]) if row["kind"] == "total" else row["text"]] for row in rows
    ]
    shown = replace(frame, subtitle=", ".join(filter(None, words)))
    plot = Plot("waterfall", labels, [(frame.title, [row["value"] for row in rows])], measure)
    return replace(make_chart(shown, draw, Table([_("Step"), _("Value")], body)), plot=plot)


# A slanted gap near the foot of a total: the bar is longer than it is drawn.
_BREAK: Spec = {
    "transform": [{"filter": "datum.kind == 'total'"}],
    "mark": {
        "type": "point",
        "shape": "M-0.1,-1.1L0.5,-1.1L0.1,1.1L-0.5,1.1Z",
        "size": 330,
        "color": "var(--surface)",
        "aria": False,
    },
    "encoding": {"x": {"value": 16}},
}


def _links(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return from each row of a waterfall to the next the level at which the one goes on from the other."""
    return [
        {"label": row["label"], "next": following["label"], "at": float(row["to"])}
        for row, following in pairwise(rows)
    ]


def _total(label: str, value: Number) -> dict[str, Any]:
    return {"label": label, "from": 0, "to": value, "value": value, "kind": "total"}


def _sum(values: Sequence[Number]) -> Number:
    """Add without mixing: exact values stay exact."""
    total: Number = 0
    for value in values:
        total = total + value  # type: ignore[operator]  # a row holds one kind of number
    return total


def _levels(
    start: tuple[str, Number], steps: Sequence[tuple[str, Number]], end: tuple[str, Number], measure: Measure
) -> list[dict[str, Any]]:
    """Return the rows of a waterfall with the level each begins and ends at."""
    at = float(start[1])
    rows: list[dict[str, Any]] = []
    for label, value in steps:
        kind = "up" if value >= 0 else "down"
        rows.append({"label": label, "from": at, "to": at + float(value), "value": value, "kind": kind})
        at += float(value)
    first, last = (_total(label, value) for label, value in (start, end))
    for row in (first, *rows, last):
        row["text"] = measure.text(row["value"], signed=row["kind"] != "total")
        row["name"] = f"{row['label']}: {row['text']}"
        row["tip"] = float(row["to"]) if row["kind"] == "total" else max(row["from"], row["to"])
    return [first, *rows, last]
