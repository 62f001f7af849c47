"""How the health of one account went, month by month, beside how much of it was known."""

from django.utils.translation import gettext as _

from accounts.models import Account
from goals.models import HealthMonth
from kam.lib import charts, formatting

MONTHS = 12


def health_chart(account: Account) -> charts.Chart | None:
    """Return the course of the last months that are kept; None with fewer than two known ones."""
    rows = HealthMonth.objects.filter(account=account).order_by("-as_of")[:MONTHS]
    kept = [(row.as_of, row.score, row.completeness) for row in reversed(rows) if row.score is not None]
    if len(kept) < 2:
        return None
    (first, before, _part), (_last, now, _known) = kept[0], kept[-1]
    title = _("Health %(now)s, after %(before)s in %(month)s") % {
        "now": formatting.number(now, 0),
        "before": formatting.number(before, 0),
        "month": formatting.month(first),
    }
    series = {
        _("Health"): [(day, score) for day, score, _share in kept],
        _("Complete to (%)"): [(day, 100 * share) for day, _score, share in kept],
    }
    return charts.line(charts.Frame(title, _("At the end of each month, 0 to 100")), series)
