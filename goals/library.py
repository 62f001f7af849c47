"""The metric library: the growth metric that belongs to each criterion, and what of it is measured."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Account
from goals.bands import outside
from goals.measurable import MEASURABLE
from goals.models import Metric
from kam.lib.errors import InvalidInput
from kam.lib.text import is_storable
from scoring.models import Criterion, ScoringModel


@dataclass(frozen=True, slots=True)
class LibraryMetric:
    """A metric to start from; ``fact`` names what is computed, without one people or programs deliver it."""

    code: str
    label: Any
    unit: str = ""
    direction: str = "up"
    fact: str = ""
    how: Any = ""
    due_every_days: int = 35


_DELIVERED = (
    LibraryMetric(
        "adoption", _("Adoption"), "%", how=_("Active users or units as a part of those entitled.")
    ),
    LibraryMetric(
        "decision_makers_covered",
        _("Decision makers covered"),
        "%",
        how=_("Decision makers with a two-way contact in the last 60 days, as a part of all."),
    ),
    LibraryMetric(
        "referrals",
        _("Referrals made"),
        how=_("Companies this customer has referred to us."),
        due_every_days=95,
    ),
    LibraryMetric(
        "team_rating",
        _("Rating by the team"),
        how=_("Mean of what the account team answers, 1 to 10, each quarter."),
        due_every_days=95,
    ),
)
DELIVERED: dict[str, LibraryMetric] = {row.code: row for row in _DELIVERED}


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A criterion of the model with its growth metric, and what was measured of it at an account."""

    criterion: Criterion
    weight: float
    entry: LibraryMetric
    metric: Metric | None
    value: Decimal | None
    measured_on: date | None
    stale: bool

    @property
    def measured(self) -> bool:
        return self.value is not None and not self.stale

    @property
    def outside(self) -> str:
        return outside(self.metric, self.value) if self.metric else ""

    @property
    def state(self) -> tuple[str, Lazy]:
        """Return the tone and the words for what is missing."""
        return _words(self.metric, self.value, stale=self.stale)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the model's criteria are measured at an account, and its other metrics."""

    model: ScoringModel | None
    rows: list[CoverageRow]
    others: list[Metric]
    today: date

    @property
    def other_rows(self) -> list[tuple[Metric, tuple[str, Lazy]]]:
        """Return the metrics of no criterion, each with the tone and the words for what is missing."""
        return [(row, _state(row, self.today)) for row in self.others]

    @property
    def measured(self) -> int:
        return sum(row.measured for row in self.rows)


def entry_for(criterion: Criterion) -> LibraryMetric:
    """Return the growth metric of a criterion; one the library does not know is delivered under its own name."""
    code = criterion.growth_metric or criterion.fact
    if code in MEASURABLE:
        fact = MEASURABLE[code]
        direction = "up" if fact.higher_is_better else "down"
        return LibraryMetric(code, fact.label, fact.unit, direction, fact=code, how=fact.how)
    if code in DELIVERED:
        return DELIVERED[code]
    direction = "up" if criterion.higher_is_better else "down"
    return LibraryMetric(code, code or criterion.name, direction=direction)


def coverage(account: Account, today: date) -> Coverage:
    """Return what of the active model is measured at an account, in four queries."""
    model = ScoringModel.objects.active().for_list().first()
    metrics = list(account.metrics.with_latest(today))  # type: ignore[attr-defined]  # the manager's own read
    rows = []
    for item in model.items.all() if model else ():
        rows.append(_row(item.criterion, item.weight, metrics, today))
    used = {row.metric.pk for row in rows if row.metric}
    return Coverage(model, rows, [metric for metric in metrics if metric.pk not in used], today)


def criterion_of(user: Any, code: str) -> Criterion:
    """Return a criterion by its code; raises InvalidInput where there is none."""
    found = Criterion.objects.visible_to(user).filter(code=code[:50]).first() if is_storable(code) else None
    if found is None:
        raise InvalidInput(
            "unknown_criterion",
            gettext_noop("There is no criterion “%(name)s”."),
            {"name": code[:50]},
            "criterion",
        )
    return found


def values_for(criterion: Criterion) -> dict[str, Any]:
    """Return the values of a metric that measures a criterion at an account."""
    entry = entry_for(criterion)
    values: dict[str, Any] = {"name": str(entry.label)[:120], "criterion_code": criterion.code}
    values |= {"direction": entry.direction, "due_every_days": entry.due_every_days}
    return values | ({"fact": entry.fact} if entry.fact else {"unit": entry.unit})


def is_stale(metric: Metric, measured_on: date | None, today: date) -> bool:
    """Say whether a metric has not been delivered for longer than agreed."""
    return measured_on is not None and (today - measured_on).days > metric.due_every_days


def _state(metric: Metric, today: date) -> tuple[str, Lazy]:
    value, day = (getattr(metric, name, None) for name in ("latest_value", "latest_on"))
    return _words(metric, value, stale=is_stale(metric, day, today))


def _words(metric: Metric | None, value: Decimal | None, *, stale: bool) -> tuple[str, Lazy]:
    if metric is None:
        return "out", _("no metric yet")
    if value is None:
        return "warn", _("no value yet")
    if stale:
        return "warn", _("no longer delivered")
    return ("warn", _("outside its band")) if outside(metric, value) else ("pos", _("measured"))


def _row(criterion: Criterion, weight: float, metrics: list[Metric], today: date) -> CoverageRow:
    entry = entry_for(criterion)
    fits = [metric for metric in metrics if _measures(metric, criterion, entry)]
    # With two of them, the one that says something.
    fits.sort(key=lambda metric: (getattr(metric, "latest_on", None) is None, metric.name))
    metric = fits[0] if fits else None
    value, day = (getattr(metric, name, None) for name in ("latest_value", "latest_on"))
    stale = metric is not None and is_stale(metric, day, today)
    return CoverageRow(criterion, weight, entry, metric, value, day, stale)


def _measures(metric: Metric, criterion: Criterion, entry: LibraryMetric) -> bool:
    return metric.criterion_code == criterion.code or bool(entry.fact and metric.fact == entry.fact)
