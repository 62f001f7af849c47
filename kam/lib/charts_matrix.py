"""Position in two dimensions: bubbles true to size, named fields, and the way each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

from django.utils.translation import gettext as _

from kam.lib import formatting
from kam.lib.charting import NUMBER, WIDE, Chart, Frame, Measure, Number, Table, inline, make_chart
from kam.lib.label_places import LINE, Box, Label, Spot, end_of_line, extent, place_labels
from kam.lib.vega import Spec

LABELLED = {True: 10, False: 5}
LARGEST = {True: 1500, False: 800}
MARGIN = {True: 66, False: 60}
SHAPES = ("circle", "square", "diamond")
# A circle drawn at the size of a square covers less: both shall cover the same.
AREA = {"circle": 4 / pi, "square": 1.0, "diamond": 2.0}
ONE_DECIMAL = Measure(decimals=1)
# Where the fields' names stand: end of each axis, alignment, and pixels inwards.
CORNERS = ((0, 1, "left", 7, 13), (1, 1, "right", -7, 13), (0, 0, "left", 7, -11), (1, 0, "right", -7, -11))


@dataclass(frozen=True)
class Bubble:
    """A point; ``before`` is where it stood earlier, ``words`` are said after its figures."""

    label: str
    x: Number
    y: Number
    size: Number = 1
    series: str = ""
    before: tuple[Number, Number] | None = None
    words: str = ""


@dataclass(frozen=True)
class Direction:
    """One axis: its name, its ends, where the fields part, and how a value on it is written."""

    name: str
    domain: tuple[Number, Number] = (0, 10)
    split: Number = 5
    measure: Measure = ONE_DECIMAL


@dataclass(frozen=True)
class Fields:
    """Both axes and the names of the four fields: top left, top right, bottom left, bottom right."""

    x: Direction
    y: Direction
    names: tuple[str, str, str, str] = ("", "", "", "")


def bubbles(
    frame: Frame,
    points: Sequence[Bubble],
    fields: Fields,
    measure: Measure = NUMBER,
    series: Sequence[str] = (),
) -> Chart:
    """Areas are true to size; the largest carry their name where there is room; the first field is shaded.

    ``series`` fixes the order of colours and shapes: accent, second colour, grey.
    """
    ordered = sorted(points, key=lambda point: point.size, reverse=True)
    series = list(series) or list(dict.fromkeys(point.series for point in ordered))

    def draw(width: int) -> Spec:
        side, height = width - MARGIN[width == WIDE], min(width - 70, 400)
        rows, places = _rows(ordered, fields, measure, (side, height, width == WIDE))
        return {
            "width": side,
            "height": height,
            "layer": [
                *_ground(fields),
                *_ways(ordered, fields),
                _marks(rows, fields, series, width == WIDE),
                *_leaders(rows, places, fields, (side, height)),
                *_labels(rows, places, fields),
            ],
        }

    legend = [(css, name) for css, name in zip(("f1", "f2", "fo"), series, strict=False) if name]
    return make_chart(frame, draw, _table(ordered, fields, measure), legend)


def _table(points: Sequence[Bubble], fields: Fields, measure: Measure) -> Table:
    moved = any(point.before for point in points)
    header = [_("Name"), fields.y.name, fields.x.name, _("Size"), _("Group"), _("Field")]
    body = []
    for p in points:
        row = [p.label, fields.y.measure.text(p.y), fields.x.measure.text(p.x), measure.exact(p.size)]
        row += [p.series, p.words]
        if moved:
            row.append(_position(fields, p.before) if p.before else formatting.MISSING)
        body.append(row)
    return Table([*header, _("Before")] if moved else header, body)


def _position(fields: Fields, at: tuple[Number, Number]) -> str:
    return f"{fields.y.measure.text(at[1])} / {fields.x.measure.text(at[0])}"


def _rows(
    points: Sequence[Bubble], fields: Fields, measure: Measure, size: tuple[int, int, bool]
) -> tuple[list[dict[str, Any]], list[Label | None]]:
    width, height, wide = size
    largest = max((float(point.size) for point in points), default=1.0) or 1.0
    areas = [max(float(point.size), 0.0) / largest * LARGEST[wide] for point in points]
    spots = [
        Spot(
            _along(point.x, fields.x) * width,
            (1 - _along(point.y, fields.y)) * height,
            max(sqrt(area / pi) * sqrt(AREA["circle"]), 3.0),
            point.label if place < LABELLED[wide] else "",
        )
        for place, (point, area) in enumerate(zip(points, areas, strict=True))
    ]
    corners = [
        _corner(place, name, (width, height)) for place, name in zip(CORNERS, fields.names, strict=True)
    ]
    labels = place_labels(spots, width, height, corners)
    rows = [
        {
            "x": point.x,
            "y": point.y,
            "area": max(area, 24.0),
            "series": point.series,
            "label": point.label,
            "name": _name(point, fields, measure),
        }
        for point, area in zip(points, areas, strict=True)
    ]
    return rows, labels


def _corner(place: tuple[int, int, str, int, int], name: str, size: tuple[int, int]) -> Box:
    x, y, align, dx, dy = place
    left, right = extent(name, align)
    across, down = x * size[0] + dx, (1 - y) * size[1] + dy
    return across + left, down - LINE / 2, across + right, down + LINE / 2


def _along(value: Number, axis: Direction) -> float:
    low, high = map(float, axis.domain)
    return (float(value) - low) / ((high - low) or 1.0)


def _name(point: Bubble, fields: Fields, measure: Measure) -> str:
    parts = [f"{axis.name} {axis.measure.text(value)}" for axis, value in
             ((fields.y, point.y), (fields.x, point.x))]  # fmt: skip
    parts += [measure.text(point.size), *([point.words] if point.words else [])]
    if point.before:
        parts.append(_("before: %(position)s") % {"position": _position(fields, point.before)})
    return f"{point.label}: {', '.join(parts)}"


def _channels(fields: Fields) -> Spec:
    found: Spec = {}
    for channel, axis in (("x", fields.x), ("y", fields.y)):
        scale = {"domain": [float(end) for end in axis.domain], "nice": False, "zero": False}
        ticks = {"title": axis.name, "grid": False, "tickCount": 5, "domain": True}
        ticks |= {k: v for k, v in axis.measure.axis(list(axis.domain)).items() if k != "title"}
        found[channel] = {"field": channel, "type": "quantitative", "scale": scale, "axis": ticks}
    return found


def _ground(fields: Fields) -> list[Spec]:
    """The shaded first field, the lines between the fields, and the fields' names in their corners."""
    (left, right), (low, high) = ([float(end) for end in axis.domain] for axis in (fields.x, fields.y))
    at_x, at_y = float(fields.x.split), float(fields.y.split)
    both = _channels(fields)
    shade = {
        "data": {"values": [{"x": at_x, "y": at_y, "x2": right, "y2": high}]},
        "mark": {"type": "rect", "color": "var(--sunken)", "aria": False},
        "encoding": {**both, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }
    lines: list[Spec] = [
        {
            "data": {"values": [{channel: at}]},
            "mark": {"type": "rule", "strokeDash": [3, 3], "color": "var(--border-strong)", "aria": False},
            "encoding": {channel: both[channel]},
        }
        for channel, at in (("x", at_x), ("y", at_y))
    ]
    names: list[Spec] = [
        {
            "data": {"values": [{"x": (left, right)[x], "y": (low, high)[y], "text": name}]},
            "mark": {"type": "text", "align": align, "dx": dx, "dy": dy, "color": "var(--accent)"},
            "encoding": {**_channels(fields), "text": {"field": "text"}},
        }
        for (x, y, align, dx, dy), name in zip(CORNERS, fields.names, strict=True)
        if name
    ]
    return [shade, *lines, *names]


def _ways(points: Sequence[Bubble], fields: Fields) -> list[Spec]:
    """A line from where each stood to where it stands, with a small ring at the beginning."""
    rows: list[dict[str, Any]] = [
        {"x": p.before[0], "y": p.before[1], "x2": p.x, "y2": p.y} for p in points if p.before
    ]
    if not rows:
        return []
    both, quiet = _channels(fields), {"color": "var(--border-strong)", "aria": False}
    line = {
        "data": inline(rows),
        "mark": {"type": "rule", "strokeWidth": 1.25, **quiet},
        "encoding": {**both, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }
    ring = {
        "data": inline(rows),
        "mark": {"type": "point", "size": 26, "fill": "var(--surface)", "stroke": "var(--border-strong)",
                 "aria": False},
        "encoding": both,
    }  # fmt: skip
    return [line, ring]


def _marks(rows: list[dict[str, Any]], fields: Fields, series: Sequence[str], wide: bool) -> Spec:
    colours = ["var(--c1)", "var(--c2)", "var(--c-other)"][: len(series)]
    shapes = [SHAPES[place % 2] for place in range(len(series))]
    factors = {name: AREA[shape] for name, shape in zip(series, shapes, strict=True)}
    sized = [row | {"area": row["area"] * factors.get(row["series"], 1.0)} for row in rows]
    kind = {"field": "series", "type": "nominal", "legend": None}
    return {
        "data": inline(sized),
        "mark": {"type": "point", "fillOpacity": 0.85, "stroke": "var(--surface)", "strokeWidth": 1},
        "encoding": {
            **_channels(fields),
            "description": {"field": "name"},
            "size": {"field": "area", "type": "quantitative", "scale": None},
            "fill": {**kind, "scale": {"domain": list(series), "range": colours}},
            "shape": {**kind, "scale": {"domain": list(series), "range": shapes}},
        },
    }


def _leaders(
    rows: list[dict[str, Any]], places: list[Label | None], fields: Fields, size: tuple[int, int]
) -> list[Spec]:
    """A line from each bubble to its name where the name found no room beside it."""
    (left, right), (low, high) = ([float(end) for end in axis.domain] for axis in (fields.x, fields.y))
    lines: list[dict[str, Any]] = []
    for row, place in zip(rows, places, strict=True):
        if place and place.apart:
            x, y, (dx, dy) = float(row["x"]), float(row["y"]), end_of_line(place)
            x2, y2 = x + dx / size[0] * (right - left), y - dy / size[1] * (high - low)
            lines.append({"x": x, "y": y, "x2": x2, "y2": y2})
    if not lines:
        return []
    return [
        {
            "data": inline(lines),
            "mark": {"type": "rule", "strokeWidth": 1, "color": "var(--muted)", "aria": False},
            "encoding": {**_channels(fields), "x2": {"field": "x2"}, "y2": {"field": "y2"}},
        }
    ]


def _labels(rows: list[dict[str, Any]], places: list[Label | None], fields: Fields) -> list[Spec]:
    """One text a label: Vega-Lite takes offsets from the mark, not from the data."""
    return [
        {
            "data": inline([{"x": row["x"], "y": row["y"], "label": row["label"]}]),
            "mark": {"type": "text", "dx": place.dx, "dy": place.dy, "align": place.align,
                     "baseline": "middle", "fontWeight": 600, "aria": False},
            "encoding": {**_channels(fields), "text": {"field": "label"}},
        }
        for row, place in zip(rows, places, strict=True)
        if place
    ]  # fmt: skip
