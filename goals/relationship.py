"""The health of a relationship from what the account's own rows say, each input from 0 (bad) to 100 (good).

An input that is not known stays out of the score and lowers the completeness; both are shown.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from accounts.gaps import Gaps
from accounts.models import Account, Activity, Verb
from goals.health import Health, Input, health
from goals.models import Promise
from goals.status import account_goals

FRESH_DAYS, SILENT_DAYS = 14, 120
OVERDUE_SCORE = 20.0
LABELS: dict[str, tuple[Lazy, Lazy]] = {
    "rhythm": (_("Rhythm of orders"), _("100 while the next order is not overdue, 20 when it is.")),
    "trend": (_("Trend of revenue"), _("50 at no change; each percent of growth adds one point.")),
    "contact": (_("Contact"), _("100 up to 14 days since the last logged contact, 0 from 120 days on.")),
    "promises": (_("Promises kept"), _("Kept promises as a part of those that are closed.")),
    "goals": (_("Goals on track"), _("Open goals on track as a part of those with data.")),
}


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One input as the page shows it; ``value`` is None while it is not known."""

    label: Lazy
    how: Lazy
    value: float | None


@dataclass(frozen=True, slots=True)
class Relationship:
    health: Health
    rows: list[HealthRow]

    @property
    def tone(self) -> str:
        return {"red": "neg", "amber": "warn", "green": "pos", None: "out"}[self.health.colour]


def relationship(account: Account, today: date, gaps: Gaps | None, change: float | None) -> Relationship:
    """Return the health of an account: ``gaps`` is its rhythm of orders, ``change`` its growth as a share."""
    values = {
        "rhythm": _rhythm(gaps),
        "trend": None if change is None else _clamp(50 + 100 * change),
        "contact": _contact(account, today),
        "promises": _promises(account),
        "goals": _goals(account, today),
    }
    rows = [HealthRow(*LABELS[name], value) for name, value in values.items()]
    return Relationship(health(Input(name, value) for name, value in values.items()), rows)


def _rhythm(gaps: Gaps | None) -> float | None:
    if gaps is None or gaps.overdue is None:
        return None
    return OVERDUE_SCORE if gaps.overdue else 100.0


def _contact(account: Account, today: date) -> float | None:
    logged = Activity.objects.filter(account=account, verb__in=Verb.values).exclude(verb=Verb.NOTE)
    last = logged.aggregate(last=Max("occurred_at"))["last"]
    if last is None:
        return None
    days = (today - timezone.localtime(last).date()).days
    return _clamp(100 * (SILENT_DAYS - days) / (SILENT_DAYS - FRESH_DAYS))


def _promises(account: Account) -> float | None:
    kept, closed = Promise.objects.filter(account=account).kept_and_closed()
    return 100 * kept / closed if closed else None


def _goals(account: Account, today: date) -> float | None:
    states = [row.status.state for row in account_goals(account, today)]
    known = [state for state in states if state not in ("no_data", "not_started")]
    return 100 * sum(state in ("on_track", "achieved") for state in known) / len(known) if known else None


def _clamp(value: float) -> float:
    return max(0.0, min(100.0, value))
