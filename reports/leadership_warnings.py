"""Whether red relationships lost revenue afterwards: a part of the leadership portfolio."""

from datetime import date

from django.utils.translation import gettext as _

from accounts.windows import months_before
from goals.actions.health import AFTER
from goals.health_page import caught_words, months_chart, test_of
from goals.models import HealthMonth
from kam.lib import formatting
from kam.lib.charts import Frame
from reports.blocks import Context, Data, Figure, Section
from reports.links import url


def warned(as_of: date) -> Data:
    """Return the back-test of the months whose three months after were over on the day."""
    over = months_before(as_of.replace(day=1), AFTER)
    found = test_of(HealthMonth.objects.judged().filter(as_of__lt=over))
    together = found.together
    return {
        "lost": together.lost,
        "red": together.red,
        "red_and_lost": together.red_and_lost,
        "judged": together.accounts,
        "without_score": together.without_score,
        "precision": together.precision.value,
        "recall": together.recall.value,
        "rows": [
            {
                "as_of": month.as_of.isoformat(),
                "caught": month.found.red_and_lost,
                "missed": month.missed,
                "false_alarms": month.false_alarms,
            }
            for month in reversed(found.months)
        ],
        "source": url("goals:portfolio_health"),
    }


def message(data: Data) -> str:
    if not data["rows"]:
        return _("No warning can be judged yet")
    if not data["lost"]:
        return _("No account lost revenue")
    return caught_words(data["lost"], data["red_and_lost"])


def section(data: Data, context: Context) -> Section:
    """Precision and recall, with counts instead of a percentage below ten cases, and the months as bars."""
    measure = _("Health 90 days before, against the revenue of the three months after")
    if not data["rows"]:
        return Section("warnings", context.message, measure)
    figures = [
        Figure(_("Precision"), _share(data, "precision", "red"), _("of the red ones lost revenue")),
        Figure(_("Recall"), _share(data, "recall", "lost"), _("of the losses were red before")),
        Figure(_("Judged"), formatting.number(data["judged"]), _("with revenue to lose")),
    ]
    rows = [
        (date.fromisoformat(row["as_of"]), (row["caught"], row["missed"], row["false_alarms"]))
        for row in data["rows"]
    ]
    chart = months_chart(Frame(context.message, measure, anchor="report-warnings"), rows)
    return Section("warnings", context.message, measure, figures, chart)


def _share(data: Data, name: str, of: str) -> str:
    if data[name] is not None:
        return formatting.percent(data[name], 0)
    return _("%(hits)s of %(cases)s") % {"hits": data["red_and_lost"], "cases": data[of]}
