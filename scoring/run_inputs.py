"""What a score run computes from: facts and ratings of all accounts, criterion by criterion, as matrices."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
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
    by_fact = {item.pk for item in items if item.criterion.is_computed}
    columns = _facts([item for item in items if item.pk in by_fact], as_of)
    rated = _ratings([item.criterion_id for item in items if item.pk not in by_fact], as_of)
    ids = sorted(columns.ids.keys() | rated.ids.keys(), key=attrgetter("int"))
    shape = (len(ids), len(items))
    facts, ratings, applicable = np.full(shape, np.nan), np.full(shape, np.nan), np.ones(shape, dtype=bool)
    ordered, judged = _places(columns.ids, ids), _places(rated.ids, ids)
    contexts: list[Context] = []
    for column, item in enumerate(items):
        if item.pk in by_fact:
            # The portfolio behind a rule is the accounts with orders, whoever else has been rated.
            portfolio = columns.values[item.pk]
            context = portfolio_context(item.rule, portfolio)
            facts[:, column] = _placed(portfolio, ordered)
            ratings[:, column] = apply_rule(item.rule, facts[:, column], context)
            contexts.append(context)
        else:
            ratings[:, column] = _placed(rated.values[item.criterion_id], judged)
            applicable[:, column] = _placed(rated.refused[item.criterion_id], judged) != 1
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


@dataclass(frozen=True)
class _Rated:
    """Who has been rated, and by criterion: the means (NaN: none), and 1 where it does not apply."""

    ids: dict[UUID, int]
    values: dict[UUID, Floats]
    refused: dict[UUID, Floats]


def _ratings(criteria: Sequence[UUID], as_of: date) -> _Rated:
    """Read the mean of the raters' latest ratings of each account and criterion, one row an account.

    A criterion applies as soon as one rater gave a number.
    """
    if not criteria:
        return _Rated({}, {}, {})
    columns: dict[str, Any] = {}
    for place, criterion in enumerate(criteria):
        this = Q(criterion=criterion)
        columns[f"mean_{place}"] = Avg(Cast("value", FloatField()), filter=this)
        columns[f"none_{place}"] = Count("pk", filter=this & Q(not_applicable=True))
    names = [f"{kind}_{place}" for kind in ("mean", "none") for place in range(len(criteria))]
    rows = latest_ratings(as_of).filter(criterion__in=criteria).order_by().values("account_id")
    found = list(rows.annotate(**columns).values_list("account_id", *names))
    cells = np.array([row[1:] for row in found], dtype=np.float64).reshape(len(found), len(names))
    means, refused = cells[:, : len(criteria)], cells[:, len(criteria) :]
    refused = ((refused > 0) & np.isnan(means)).astype(np.float64)
    return _Rated(
        {row[0]: place for place, row in enumerate(found)},
        {criterion: means[:, place] for place, criterion in enumerate(criteria)},
        {criterion: refused[:, place] for place, criterion in enumerate(criteria)},
    )


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


def _places(known: dict[UUID, int], ids: Sequence[UUID]) -> NDArray[np.int64]:
    """Return the row of each id in what is known, -1 for one that is not."""
    return np.fromiter((known.get(pk, -1) for pk in ids), dtype=np.int64, count=len(ids))


def _placed(values: Floats, places: NDArray[np.int64]) -> Floats:
    if not len(values):
        return np.full(len(places), np.nan)
    return np.where(places >= 0, values[np.maximum(places, 0)], np.nan)
