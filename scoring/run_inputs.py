"""What a score run computes from: facts and ratings of all accounts, criterion by criterion, as matrices."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Avg, Count, Exists, FloatField, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from numpy.typing import NDArray

from accounts.facts import facts_table
from scoring.models import ModelCriterion, Rating
from scoring.ranking import Flags, Floats
from scoring.rules import Context, apply_rule, portfolio_context


@dataclass(frozen=True)
class RunInputs:
    """N accounts and M criteria: facts and ratings (NaN: none), where a criterion applies, rules' contexts."""

    account_ids: list[UUID]
    facts: Floats
    ratings: Floats
    applicable: Flags
    contexts: list[Context]


def run_inputs(items: Sequence[ModelCriterion], as_of: date) -> RunInputs:
    """Return the inputs of all accounts with an order or a rating up to ``as_of``, in the order of their ids."""
    by_fact = {item.pk: item for item in items if item.criterion.is_computed}
    columns = _facts(list(by_fact.values()), as_of)
    rated = _ratings([item.criterion_id for item in items if item.pk not in by_fact], as_of)
    ids = sorted(columns.ids.keys() | rated.keys())
    shape = (len(ids), len(items))
    facts, ratings, applicable = np.full(shape, np.nan), np.full(shape, np.nan), np.ones(shape, dtype=bool)
    places = np.array([columns.ids.get(pk, -1) for pk in ids], dtype=np.int64)
    contexts: list[Context] = []
    for column, item in enumerate(items):
        if item.pk in by_fact:
            # The portfolio behind a rule is the accounts with orders, whoever else has been rated.
            portfolio = columns.values[item.pk]
            context = portfolio_context(item.rule, portfolio)
            facts[:, column] = _placed(portfolio, places)
            ratings[:, column] = apply_rule(item.rule, facts[:, column], context)
            contexts.append(context)
        else:
            _put(rated, ids, item.criterion_id, ratings[:, column], applicable[:, column])
            contexts.append({"count": int(np.isfinite(ratings[:, column]).sum())})
    return RunInputs(ids, facts, ratings, applicable, contexts)


@dataclass(frozen=True)
class _Columns:
    ids: dict[UUID, int]
    values: dict[UUID, Floats]


def _facts(items: Sequence[ModelCriterion], as_of: date) -> _Columns:
    """Read the facts of all computed criteria: one table for each window and basis."""
    groups: dict[tuple[str, str], list[ModelCriterion]] = defaultdict(list)
    for item in items:
        groups[item.window, item.basis].append(item)
    known = facts_table(["orders"], as_of=as_of) if not groups else None
    ids = {pk: place for place, pk in enumerate(known.account_ids)} if known else {}
    values: dict[UUID, Floats] = {}
    for (window, basis), members in groups.items():
        codes = sorted({item.criterion.fact for item in members})
        table = facts_table(codes, as_of=as_of, window=window, basis=basis)
        ids = ids or {pk: place for place, pk in enumerate(table.account_ids)}
        order = np.array([ids[pk] for pk in table.account_ids], dtype=np.int64)
        for item in members:
            values[item.pk] = np.full(len(ids), np.nan)
            values[item.pk][order] = table.values[item.criterion.fact]
    return _Columns(ids, values)


def _ratings(criteria: Sequence[UUID], as_of: date) -> dict[UUID, dict[UUID, float | None]]:
    """Return account → criterion → mean of the raters' latest ratings; None means «not applicable»."""
    found: dict[UUID, dict[UUID, float | None]] = {}
    if not criteria:
        return found
    columns: dict[str, Any] = {}
    for place, criterion in enumerate(criteria):
        this = Q(criterion=criterion)
        columns[f"mean_{place}"] = Avg(Cast("value", FloatField()), filter=this)
        columns[f"none_{place}"] = Count("pk", filter=this & Q(not_applicable=True))
    names = [name for place in range(len(criteria)) for name in (f"mean_{place}", f"none_{place}")]
    rows = latest_ratings(as_of).filter(criterion__in=criteria).order_by().values("account_id")
    for account, *cells in rows.annotate(**columns).values_list("account_id", *names).iterator():
        pairs = zip(criteria, cells[::2], cells[1::2], strict=True)
        found[account] = {c: mean for c, mean, none in pairs if mean is not None or none}
    return found


def latest_ratings(as_of: date) -> QuerySet[Rating]:
    """Return the submitted ratings up to a day, of each rater and cell the latest only.

    A rater has several for one cell only through rounds; without any round the look-up is spared.
    """
    ratings = Rating.objects.submitted().filter(rated_on__lte=as_of)
    if not ratings.filter(round__isnull=False).exists():
        return ratings
    cell = {name: OuterRef(name) for name in ("account", "criterion", "rater")}
    newer = Rating.objects.submitted().filter(**cell, rated_on__lte=as_of)
    later = Q(rated_on__gt=OuterRef("rated_on"))
    later |= Q(rated_on=OuterRef("rated_on"), submitted_at__gt=OuterRef("submitted_at"))
    return ratings.filter(~Exists(newer.filter(later)))


def _placed(values: Floats, places: NDArray[np.int64]) -> Floats:
    if not len(values):
        return np.full(len(places), np.nan)
    return np.where(places >= 0, values[np.maximum(places, 0)], np.nan)


def _put(
    rated: dict[UUID, dict[UUID, float | None]],
    ids: Sequence[UUID],
    criterion: UUID,
    ratings: Floats,
    applicable: Flags,
) -> None:
    for place, pk in enumerate(ids):
        cells = rated.get(pk)
        if cells is None or criterion not in cells:
            continue
        value = cells[criterion]
        if value is None:
            applicable[place] = False
        else:
            ratings[place] = value
