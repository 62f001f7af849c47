"""How far the library is in use: each criterion, its growth metric, and the key accounts it is measured at."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import Account
from goals.library import LibraryMetric, entry_for, is_stale
from goals.models import Metric
from scoring.models import Criterion, ScoringModel


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A criterion with its metric; ``active`` says that the model in use counts it."""

    criterion: Criterion
    entry: LibraryMetric
    active: bool
    measured: int
    accounts: int

    @property
    def share(self) -> float | None:
        return self.measured / self.accounts if self.accounts else None


def library_rows(user: Any, today: date) -> list[LibraryRow]:
    """Return every current criterion, those of the model in use first, in five queries for any portfolio."""
    model = ScoringModel.objects.active().for_list().first()
    places = {item.criterion_id: item.position for item in model.items.all()} if model else {}
    keys = Account.objects.visible_to(user).key().order_by()
    total = keys.count()
    by_code, by_fact = _measured(keys, today)
    rows = []
    for criterion in Criterion.objects.current():
        entry = entry_for(criterion)
        at = by_code[criterion.code] | (by_fact[entry.fact] if entry.fact else set())
        rows.append(LibraryRow(criterion, entry, criterion.pk in places, len(at), total))
    last = len(places) + 1
    return sorted(rows, key=lambda row: (places.get(row.criterion.pk, last), row.criterion.code))


def _measured(keys: Any, today: date) -> tuple[dict[str, set[UUID]], dict[str, set[UUID]]]:
    """Return the key accounts with a fresh value, by criterion and by fact."""
    by_code: dict[str, set[UUID]] = defaultdict(set)
    by_fact: dict[str, set[UUID]] = defaultdict(set)
    for metric in Metric.objects.with_latest(today).filter(account__in=keys.values("pk")):
        if metric.latest_on is None or is_stale(metric, metric.latest_on, today):
            continue
        by_code[metric.criterion_code].add(metric.account_id)
        by_fact[metric.fact].add(metric.account_id)
    return by_code, by_fact
