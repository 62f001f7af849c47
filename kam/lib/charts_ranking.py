"""A chart of movement: ranks over several periods."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kam.lib import formatting
from kam.lib.charting import NARROW, WIDE, Chart, Frame, Table, inline, make_chart
from kam.lib.vega import Spec


def bump(
    frame: Frame,
    periods: Sequence[str],
    ranks: Mapping[str, Sequence[tuple[str, int]]],
    highlight: Sequence[str] = (),
    breaks: Collection[str] = (),
) -> Chart:
    """Ranks over periods, rank 1 on top, names at both ends; at most ten highlighted, the rest grey.

    Into the periods of ``breaks`` lines run faint and dashed: there the method changed, not the accounts. Places
    below the last one that a line reaches today share one row at the bottom: 200 of them would fill pages.
    """
    hot = set(highlight[:10])
    ends_at = [rank for places in ranks.values() for period, rank in places if period == periods[-1]]
    deepest = max([len(ranks), *ends_at]) + 1
    data: list[dict[str, Any]] = [
        {
            "label": label,
            "period": period,
            "rank": rank,
            "place": min(rank, deepest),
            "hot": label in hot,
            "first": period == periods[0],
            "last": period == periods[-1],
            "number": (number := f"{deepest}+" if rank >= deepest else str(rank)),
            "text": f"{number}  {label}",
            "name": f"{label}, {period}: {_('rank')} {rank}",
        }
        for label, places in ranks.items()
        for period, rank in places
    ]
    _join_ties(data, "first")
    _join_ties(data, "last")
    legs = list(_legs(data, breaks))

    def draw(width: int) -> Spec:
        x = {
            "field": "period",
            "type": "ordinal",
            "sort": list(periods),
            "axis": {
                "title": None,
                "orient": "top",
                "labelAngle": 0 if len(periods) <= 3 else -40,
                "labelAlign": "center" if len(periods) <= 3 else "left",
                "labelFontWeight": 600,
                "domain": False,
            },
        }
        y = {
            "field": "place",
            "type": "quantitative",
            "scale": {"reverse": True, "domain": [0.5, deepest + 0.5], "nice": False, "zero": False},
            "axis": None,
        }
        colour = {"condition": {"test": "datum.hot", "value": "var(--accent)"}, "value": "var(--c-other)"}
        ink = {"condition": {"test": "datum.hot", "value": "var(--accent)"}, "value": "var(--text)"}
        limit = 170 if width == WIDE else 90
        ends: list[Spec] = [
            {
                "transform": [{"filter": f"datum.text_{end}"}],
                "mark": {"type": "text", "align": align, "dx": dx, "limit": limit},
                "encoding": {"text": {"field": text}, "color": ink},
            }
            for end, align, dx, text in (
                ("first", "right", -9, "number" if width == NARROW else "text_first"),
                ("last", "left", 9, "text_last"),
            )
        ]
        return {
            "width": width - (400 if width == WIDE else 150) + 40,
            "height": max(80, deepest * 26),
            "data": inline(data),
            "encoding": {"x": x, "y": y},
            "layer": [
                {
                    "data": inline(legs),
                    "mark": {"type": "line", "aria": False},
                    "encoding": {
                        "detail": {"field": "leg"},
                        "color": colour,
                        "strokeDash": {
                            "condition": {"test": "datum.bridge", "value": [2, 4]},
                            "value": [1, 0],
                        },
                        "strokeOpacity": {"condition": {"test": "datum.bridge", "value": 0.45}, "value": 1},
                    },
                },
                {"mark": {"type": "point"}, "encoding": {"color": colour, "description": {"field": "name"}}},
                *ends,
            ],
        }

    by_label = {label: dict(places) for label, places in ranks.items()}
    body = [
        [label, *[str(places.get(period, formatting.MISSING)) for period in periods]]
        for label, places in by_label.items()
    ]
    return make_chart(frame, draw, Table([_("Name"), *periods], body))


def _legs(data: Sequence[dict[str, Any]], breaks: Collection[str]) -> Iterator[dict[str, Any]]:
    """Cut each line where the method changed: a leg each side of it, and a bridge between them."""
    leg, before = 0, None
    for row in data:
        spot = {name: row[name] for name in ("label", "period", "place", "hot")}
        goes_on = before is not None and before["label"] == row["label"]
        if not goes_on or row["period"] in breaks:
            leg += 1
            yield from ({**end, "leg": -leg, "bridge": True} for end in (before, spot) if goes_on and end)
        yield {**spot, "leg": leg, "bridge": False}
        before = spot


def _join_ties(data: list[dict[str, Any]], end: str) -> None:
    """Write the names of those that share a rank at one end into one label: two would lie on each other."""
    seen: dict[int, dict[str, Any]] = {}
    for row in data:
        row[f"text_{end}"] = row["text"] if row[end] else ""
        if not row[end]:
            continue
        first = seen.setdefault(row["place"], row)
        if first is not row:
            first[f"text_{end}"] += f" · {row['label']}"
            row[f"text_{end}"] = ""
