"""What a score run computes from: facts and ratings of all accounts, criterion by criterion, as matrices."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

import numpy as np
from django.db.models import Avg, Exists, FloatField, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from numpy.typing import NDArray

from accounts.facts import facts_table
from accounts.models import Account
from kam.lib.models import KeyText, plain_rows
from scoring.facts import OWN, in_order, own_values
from scoring.models import Criterion, ModelCriterion, Rating, RatingRound, ScoreRun
from scoring.ranking import Flags, Floats
from scoring.rules import Context, apply_rule, portfolio_context
from scoring.stored import NOT_APPLICABLE

FLOAT = Cast("value", FloatField())


@dataclass(frozen=True)
class RunInputs:
    """N accounts and M criteria: facts and ratings (NaN: none), where a criterion applies, rules' contexts.

    ``keys`` are the accounts' ids as KeyText.
    """

    keys: list[str]
    facts: Floats
    ratings: Floats
    applicable: Flags
    contexts: list[Context]

    @property
    def accounts(self) -> int:
        return len(self.keys)

    @property
    def fingerprint(self) -> str:
        """The same text for the same inputs."""
        whole = sha256(json.dumps(self.keys).encode())
        for matrix in (self.facts, self.ratings, self.applicable):
            whole.update(matrix.tobytes())
        return whole.hexdigest()


def run_inputs(items: Sequence[ModelCriterion], as_of: date) -> RunInputs:
    """Return the inputs of all accounts with an order or a rating up to ``as_of``, in the order of their ids."""
    by_fact = {item.pk for item in items if item.criterion.is_computed}
    columns = _facts([item for item in items if item.pk in by_fact], as_of)
    rated = _ratings([item.criterion_id for item in items if item.pk not in by_fact], as_of)
    keys = sorted(columns.places.keys() | rated.places.keys())
    shape = (len(keys), len(items))
    facts, ratings, applicable = np.full(shape, np.nan), np.full(shape, np.nan), np.ones(shape, dtype=bool)
    ordered, judged = _places(columns.places, keys), _places(rated.places, keys)
    contexts: list[Context] = []
    for column, item in enumerate(items):
        if item.pk in by_fact:
            # The portfolio behind a rule is the accounts with orders, whoever else has been rated.
            portfolio = columns.values[item.pk]
            context = portfolio_context(item.rule, portfolio)
            facts[:, column] = _placed(portfolio, ordered)
            if item.criterion.fact in OWN:
                facts[:, column] = in_order(columns.own[item.criterion.fact], keys)
            ratings[:, column] = apply_rule(item.rule, facts[:, column], context)
            contexts.append(context)
        else:
            ratings[:, column] = _placed(rated.values[item.criterion_id], judged)
            applicable[:, column] = _placed(rated.refused[item.criterion_id], judged) != 1
            contexts.append({"count": int(np.isfinite(ratings[:, column]).sum())})
    return RunInputs(keys, facts, ratings, applicable, contexts)


def digest(run: ScoreRun, fingerprint: str) -> str:
    """Return the same text for the same inputs, weights, cut line and seed, and another for any other."""
    settings = [run.weights, run.contexts, run.seed, run.model.cut_kind, run.model.cut_value]
    return sha256(json.dumps([settings, fingerprint]).encode()).hexdigest()


@dataclass(frozen=True)
class _Columns:
    """Facts of the accounts with orders by criterion of the model; ``own`` holds those anybody may have."""

    places: dict[str, int]
    values: dict[UUID, Floats]
    own: dict[str, dict[str, float]]


def _facts(items: Sequence[ModelCriterion], as_of: date) -> _Columns:
    """Read the facts of all computed criteria: one table for each window and basis."""
    groups: dict[tuple[str, str], list[ModelCriterion]] = defaultdict(list)
    for item in items:
        if item.criterion.fact not in OWN:
            groups[item.window, item.basis].append(item)
    places: dict[str, int] = {}
    values: dict[UUID, Floats] = {}
    if not groups:
        places = _counted(facts_table([], as_of=as_of).keys)
    for (window, basis), members in groups.items():
        codes = sorted({item.criterion.fact for item in members})
        table = facts_table(codes, as_of=as_of, window=window, basis=basis)
        places = places or _counted(table.keys)
        order = _places(places, table.keys)
        for item in members:
            values[item.pk] = np.full(len(places), np.nan)
            values[item.pk][order] = table.values[item.criterion.fact]
    others = [item for item in items if item.criterion.fact in OWN]
    known = {fact: own_values(fact, as_of) for fact in {item.criterion.fact for item in others}}
    values |= {item.pk: in_order(known[item.criterion.fact], places) for item in others}
    return _Columns(places, values, known)


@dataclass(frozen=True)
class _Rated:
    """Who has been rated, and by criterion: the means (NaN: none), and 1 where it does not apply."""

    places: dict[str, int]
    values: dict[UUID, Floats]
    refused: dict[UUID, Floats]


def _ratings(criteria: Sequence[UUID], as_of: date) -> _Rated:
    """Read the mean of the raters' latest ratings of each account and criterion, one row an account.

    A criterion applies as soon as one rater gave a number.
    """
    if not criteria:
        return _Rated({}, {}, {})
    ratings = latest_ratings(as_of).filter(criterion__in=criteria).order_by()
    means = {f"mean_{n}": Avg(FLOAT, filter=Q(criterion=pk)) for n, pk in enumerate(criteria)}
    rows = ratings.annotate(key=KeyText("account")).values("key").annotate(**means)
    found = plain_rows(rows.values_list("key", *means))
    keys, *columns = zip(*found, strict=True) if found else [()] * (1 + len(criteria))
    places = _counted(keys)
    values = dict(zip(criteria, np.array(columns, dtype=np.float64), strict=True))
    refused = {pk: np.zeros(len(keys)) for pk in criteria}
    nowhere = ratings.filter(not_applicable=True).values_list(KeyText("account"), "criterion")
    for key, criterion in nowhere:
        refused[criterion][places[key]] = float(np.isnan(values[criterion][places[key]]))
    return _Rated(places, values, refused)


def ratings_of(account: Account, criteria: Sequence[UUID], as_of: date) -> dict[UUID, float | str]:
    """Return the mean of the raters' latest ratings of one account by criterion, as ``Score.ratings`` has it."""
    ratings = latest_ratings(as_of).filter(account=account, criterion__in=criteria).order_by()
    means = ratings.values_list("criterion").annotate(mean=Avg(FLOAT))
    return {criterion: NOT_APPLICABLE if mean is None else mean for criterion, mean in means}


def latest_ratings(as_of: date) -> QuerySet[Rating]:
    """Return the submitted ratings up to a day, of each rater and cell the latest only.

    A rater has several for one cell only through rounds; without any round the look-up is spared. Of an imported
    criterion the latest value of a cell stands, whoever handed the table in: it is no opinion to be averaged.
    """
    ratings = Rating.objects.submitted().filter(rated_on__lte=as_of)
    imported = Criterion.objects.filter(source=Criterion.Source.IMPORTED)
    if imported.exists():
        stale = Exists(_newer(as_of, "account", "criterion"))
        ratings = ratings.exclude(stale, criterion__in=imported)
    in_round = Rating.objects.filter(round=OuterRef("pk"))
    if not RatingRound.objects.filter(Exists(in_round)).exists():
        return ratings
    return ratings.filter(~Exists(_newer(as_of, "account", "criterion", "rater")))


def _newer(as_of: date, *same: str) -> QuerySet[Rating]:
    """Return the ratings up to a day that are newer than the outer one and about the same."""
    later = Q(rated_on__gt=OuterRef("rated_on"))
    later |= Q(rated_on=OuterRef("rated_on"), submitted_at__gt=OuterRef("submitted_at"))
    about = {name: OuterRef(name) for name in same}
    return Rating.objects.submitted().filter(later, **about, rated_on__lte=as_of)


def _counted(keys: Iterable[str]) -> dict[str, int]:
    return {key: place for place, key in enumerate(keys)}


def _places(known: dict[str, int], keys: Sequence[str]) -> NDArray[np.int64]:
    """Return the row of each key in what is known, -1 for one that is not."""
    return np.fromiter((known.get(key, -1) for key in keys), dtype=np.int64, count=len(keys))


def _placed(values: Floats, places: NDArray[np.int64]) -> Floats:
    if not len(values):
        return np.full(len(places), np.nan)
    return np.where(places >= 0, values[np.maximum(places, 0)], np.nan)
