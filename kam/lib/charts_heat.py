"""A strip of shades: one row a thing, one cell a period; how strong, when not at all, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kam.lib.charting import (
    NUMBER,
    ROW,
    WIDE,
    Chart,
    Frame,
    Measure,
    Number,
    Table,
    inline,
    make_chart,
    name_axis,
)
from kam.lib.vega import Spec

SHADES = 6
ON_PHONES = 6
# Pixels for a name on phones, where six cells leave more than a bar does: the long words of German fit.
ROOM = 140
# and rows are higher there, so that the second line of a name does not touch the next.
TWO_LINES = 6


@dataclass(frozen=True, slots=True)
class Strip:
    """One row; None and everything up to zero is an empty cell."""

    label: str
    values: Sequence[Number | None]


def heat_strips(
    frame: Frame, periods: Sequence[str], strips: Sequence[Strip], measure: Measure = NUMBER
) -> Chart:
    """Draw each row on its own scale: the darkest cell is its strongest period, an empty one had nothing."""
    names = [strip.label for strip in strips]
    data = [cell for strip in strips for cell in _cells(strip, periods, measure)]

    def draw(width: int) -> Spec:
        shown = periods if width == WIDE else periods[-ON_PHONES:]
        x = {"field": "period", "type": "ordinal", "sort": None, "scale": {"domain": list(shown)}}
        axis = {"title": None, "labelAngle": 0, "orient": "top", "labelOverlap": True}
        colours = ["var(--sunken)", *(f"var(--q{number + 1})" for number in range(1, SHADES + 1))]
        shade = {"domain": list(range(SHADES + 1)), "range": colours}
        return {
            "width": width - (180 if width == WIDE else ROOM + 10),
            "height": {"step": ROW if width == WIDE else ROW + TWO_LINES},
            "data": inline([cell for cell in data if cell["period"] in shown]),
            "mark": {"type": "rect", "stroke": "var(--surface)", "strokeWidth": 2, "cornerRadius": 3},
            "encoding": _channels(_rows(width, names), {**x, "axis": axis}, shade),
        }

    body = [[strip.label, *map(measure.exact, strip.values)] for strip in strips]
    return make_chart(frame, draw, Table([_("Name"), *periods], body))


def _rows(width: int, names: Sequence[str]) -> Spec:
    channel = name_axis(width, names)
    return channel if width == WIDE else {**channel, "axis": channel["axis"] | {"labelLimit": ROOM}}


def _channels(y: Spec, x: Spec, shade: Spec) -> Spec:
    colour = {"field": "shade", "type": "ordinal", "legend": None, "scale": shade}
    return {"y": y, "x": x, "color": colour, "description": {"field": "name"}}


def _cells(strip: Strip, periods: Sequence[str], measure: Measure) -> list[dict[str, Any]]:
    strongest = max((float(value) for value in strip.values if value is not None), default=0.0)
    return [
        {
            "label": strip.label,
            "period": period,
            "shade": _shade(value, strongest),
            "name": f"{strip.label}, {period}: {_('nothing') if not value else measure.text(value)}",
        }
        for period, value in zip(periods, strip.values, strict=True)
    ]


def _shade(value: Number | None, strongest: float) -> int:
    if value is None or value <= 0:
        return 0
    return min(SHADES, 1 + int(SHADES * float(value) / strongest * 0.999))
