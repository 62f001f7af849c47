"""The portfolio matrix as lists: one for each field, in the order of effort."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.queries.matrix import FIELDS, Matrix, Place

HINTS: dict[str, Promise] = {
    "grow": _("attractive, and we are strong: invest"),
    "win": _("attractive, but we are weak: find out why"),
    "hold": _("less attractive, but we are strong: keep with little effort"),
    "watch": _("less attractive, and we are weak: watch"),
}


@dataclass(frozen=True)
class FieldList:
    """One field: its accounts, largest first, and their revenue."""

    code: str
    name: Promise
    hint: Promise
    rows: list[tuple[Place, Promise | None]]
    revenue: float


def field_lists(matrix: Matrix) -> list[FieldList]:
    """Return the four fields; beside each account the field it comes from when that was another one."""
    found = []
    for code, name in FIELDS.items():
        places = matrix.of(code)
        rows = [(place, FIELDS[place.field_before or ""] if place.moved else None) for place in places]
        revenue = sum(place.standing.revenue for place in places)
        found.append(FieldList(code, name, HINTS[code], rows, revenue))
    return found
