"""What a stored run would take to come out differently, kept for as long as the run stays the same."""

from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from scoring.certainty import KEEP_SECONDS, MOST_ACCOUNTS, cut_of, importance
from scoring.dominance import dominance
from scoring.explain import items_of
from scoring.models import ModelCriterion, Score, ScoreRun
from scoring.sensitivity import (
    RatingChange,
    WeightChange,
    WeightInterval,
    rating_changes,
    smallest_of,
    smallest_swap,
    smallest_tie,
    weight_intervals,
)
from scoring.stability import Cut
from scoring.stored import StoredRun, as_matrices, stored_run

NAMED = 3


@dataclass(frozen=True)
class Robustness:
    """Lists by position in the ranking; an account's number is its position minus one.

    ``over`` and ``under`` count whom an account beats, and who beats it, with every weighting that keeps the
    order of importance, ``under_any`` whatever the weights at all; ``beaten_by`` are the first that do.
    """

    keys: list[UUID]
    weights: list[WeightInterval]
    changes: list[RatingChange | None]
    over: list[int]
    under: list[int]
    under_any: list[int]
    beaten_by: list[list[int]]

    @property
    def smallest(self) -> WeightChange | None:
        """The smallest change of one weight that lets somebody cross the line."""
        return smallest_of(self.weights)

    def key(self, number: int) -> UUID | None:
        """Return the account of a number; a threshold has the number after the last one and is none."""
        return self.keys[number] if number < len(self.keys) else None


def robustness(run: ScoreRun, top: int | None = None) -> Robustness:
    """Return how robust a run is; ``top`` overrides the model's cut line. Of more than 5,000 accounts the
    first 5,000 are looked at. Raises InvalidInput for no such number.
    """
    cut = cut_of(run.model, top)
    found: Robustness | None = cache.get(_key(run, cut))
    if found is None:
        found = _computed(run, cut, items_of(run), stored_run(run, MOST_ACCOUNTS))
        cache.set(_key(run, cut), found, KEEP_SECONDS)
    return found


def keep_robustness(run: ScoreRun, items: list[ModelCriterion], stored: StoredRun) -> None:
    """Find out how robust a run is before anybody asks: at thousands of accounts it takes longer than a page may."""
    cut = cut_of(run.model)
    cache.set(_key(run, cut), _computed(run, cut, items, stored), KEEP_SECONDS)


def _key(run: ScoreRun, cut: Cut) -> str:
    # The digest of the inputs tells runs of one day apart; a run that repeats another finds what that one has.
    return f"scoring.robustness:{run.scores_in_id}:{run.inputs}:{cut.top}:{cut.threshold}"


def tie_with_line(
    score: Score, run: ScoreRun, top: int | None = None
) -> tuple[WeightChange, Score | None] | None:
    """Return the smallest change of one weight at which an account meets the line, and whom it meets there:
    the first account on the other side, None for a threshold. Without anybody there, or any such change, None.
    """
    cut = cut_of(run.model, top)
    if cut.threshold is not None:
        alone = as_matrices([score.ratings])
        change = smallest_swap(alone.ratings, run.weights, cut, alone.applicable)
        return (change, None) if change else None
    scores = Score.objects.of_run(run).select_related("account").ranked()
    beyond = scores.filter(rank__gt=cut.top).first()
    if beyond is None:
        return None
    # Right before it stands the last one above the line.
    other = beyond if score.rank <= (cut.top or 0) else scores.get(position=beyond.position - 1)
    tie = tie_between(score, other, run)
    return (tie, other) if tie else None


def tie_between(first: Score, second: Score, run: ScoreRun) -> WeightChange | None:
    """Return the smallest change of one weight at which two accounts of a run have the same total, or None."""
    pair = as_matrices([first.ratings, second.ratings])
    return smallest_tie(pair.ratings, run.weights, 0, 1, pair.applicable)


def _computed(run: ScoreRun, cut: Cut, items: list[ModelCriterion], stored: StoredRun) -> Robustness:
    if not stored.account_ids:
        return Robustness([], [], [], [], [], [], [])
    # What people rate can be rated otherwise; a computed rating changes with the facts alone.
    rated = [place for place, item in enumerate(items) if not item.criterion.is_computed]
    in_order = dominance(stored.ratings, stored.applicable, importance(items), NAMED)
    return Robustness(
        keys=stored.account_ids,
        weights=weight_intervals(stored.ratings, run.weights, cut, stored.applicable),
        changes=rating_changes(stored.ratings, run.weights, cut, stored.applicable, rated or None),
        over=in_order.over.tolist(),
        under=in_order.under.tolist(),
        under_any=dominance(stored.ratings, stored.applicable).under.tolist(),
        beaten_by=[[row for row in rows if row >= 0] for rows in in_order.beaten_by.tolist()],
    )
