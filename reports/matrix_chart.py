"""The drawing of the portfolio matrix and its message."""

from collections.abc import Sequence
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kam.lib import formatting
from kam.lib.charting import PERCENT, Chart, Frame, Measure
from kam.lib.charts_matrix import Bubble, Direction, Fields, bubbles
from reports.queries.matrix import FIELDS, X_AXES, Y_AXES, Matrix, Place

GROUPS = {
    "key": gettext_lazy("Key account"),
    "candidate": gettext_lazy("Candidate"),
    "other": gettext_lazy("Other"),
}
# In the order of the corners: top left, top right, bottom left, bottom right.
CORNERS = ("win", "grow", "watch", "hold")
NAMED = 3


def matrix_chart(matrix: Matrix, currency: str) -> Chart | None:
    """Return the drawing, None where no account has a place."""
    if not matrix.placed:
        return None
    x, y = _axis(matrix, "x", currency), _axis(matrix, "y", currency)
    fields = Fields(x, y, tuple(str(FIELDS[code]) for code in CORNERS))  # type: ignore[arg-type]  # four corners
    words = {"y": y.name, "x": x.name}
    subtitle = _("%(y)s against %(x)s, area = revenue of the last 12 months") % words
    if matrix.compare:
        subtitle += ", " + _("ring = position on %(day)s") % {"day": formatting.date(matrix.compare.as_of)}
    note = _("Fields part at %(y)s and %(x)s") % {
        "y": y.measure.text(matrix.split[1]),
        "x": x.measure.text(matrix.split[0]),
    }
    if matrix.compare:
        note += ". " + placed_before(matrix)
    points = [
        Bubble(
            place.account.display_name,
            place.x or 0.0,
            place.y or 0.0,
            max(place.standing.revenue, 0.0),
            str(GROUPS[place.group]),
            place.before,
            str(FIELDS[place.field or "watch"]),
        )
        for place in matrix.placed
    ]
    present = [code for code in GROUPS if any(place.group == code for place in matrix.placed)]
    frame = Frame(message(matrix), subtitle, note, anchor="matrix")
    return bubbles(frame, points, fields, Measure("money", currency), [str(GROUPS[code]) for code in present])


def placed_before(matrix: Matrix) -> str:
    """Return how many of the accounts had a place on the day compared with: the others have no ring."""
    day, known = matrix.compare.as_of if matrix.compare else None, sum(1 for p in matrix.placed if p.before)
    words = {"day": formatting.date(day), "count": known, "all": len(matrix.placed)}
    if not known:
        return _("On %(day)s nobody had stated yet what a place takes, so nothing moves here") % words
    return _("On %(day)s %(count)s of these %(all)s accounts had a place") % words


def measure_of(axis: str, currency: str) -> Measure:
    """Return how values on an axis are written."""
    if axis == "headroom":
        return Measure("money", currency)
    if axis == "wallet":
        return PERCENT
    return Measure(decimals={"strength": 2, "stage": 0}.get(axis, 1))


def message(matrix: Matrix) -> str:
    """Return the sentence above the drawing: who moved, who has room where we are weak, or where the revenue is."""
    risen = [place for place in matrix.placed if place.moved]
    if matrix.compare and risen:
        return _("%(count)s of %(all)s accounts stand in another field than before") % {
            "count": len(risen),
            "all": len(matrix.placed),
        }
    weak = matrix.of("win")
    if weak:
        words = {"names": _names(weak), "count": len(weak)}
        if len(weak) == 1:
            return _("%(names)s is attractive, but we are weak there") % words
        return _("%(names)s are attractive, but we are weak there") % words
    revenue = {code: sum(place.standing.revenue for place in matrix.of(code)) for code in FIELDS}
    total, most = sum(revenue.values()), max(revenue, key=lambda code: revenue[code])
    share = formatting.percent(revenue[most] / total, 0) if total > 0 else "–"
    return _("%(share)s of this revenue stands in “%(field)s”") % {"share": share, "field": FIELDS[most]}


def _names(places: Sequence[Place]) -> str:
    names = [place.account.display_name for place in places]
    if len(places) > NAMED:
        named = names[: NAMED - 1]
        return _("%(names)s and %(more)s more") % {"names": ", ".join(named), "more": len(names) - len(named)}
    if len(names) == 1:
        return names[0]
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _axis(matrix: Matrix, channel: str, currency: str) -> Direction:
    code = matrix.x if channel == "x" else matrix.y
    name = str((X_AXES if channel == "x" else Y_AXES)[code])
    split = matrix.split[0 if channel == "x" else 1]
    now = [place.x if channel == "x" else place.y for place in matrix.placed]
    then = [place.before[0 if channel == "x" else 1] for place in matrix.placed if place.before]
    known = [each for each in now if each is not None] + then
    return Direction(name, _domain(code, [*known, split]), split, measure_of(code, currency))


def _domain(code: str, values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis with room for the bubbles at them."""
    if code == "stage":
        return (0.5, 5.5)
    if code == "wallet":
        return (-0.05, 1.05)
    low, high = min(values), max(values)
    if code == "score":
        return (max(0.5, floor(low - 0.5)), min(10.5, ceil(high + 0.5)))
    if code == "strength":
        return (max(0.0, floor(low * 4 - 0.6) / 4), ceil(high * 4 + 0.6) / 4)
    return (0 - high * 0.06, high * 1.1) if high > 0 else (-1.0, 1.0)
