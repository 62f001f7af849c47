"""Where would one account stand with its ratings of today? Total and rank against the last run; nothing is stored."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from kam.lib import formatting
from scoring.explain import items_of
from scoring.models import ModelCriterion, Score, ScoreRun
from scoring.ranking import DECIMALS, score_account
from scoring.run_inputs import ratings_of
from scoring.stored import NOT_APPLICABLE

MARKS = 100


@dataclass(frozen=True)
class Provisional:
    """An account's total and rank as they would be, and (None: not in the run) as the run has them."""

    account: Account
    run: ScoreRun
    total: float
    rank: int
    before_total: float | None
    before_rank: int | None

    @property
    def has_changed(self) -> bool:
        return self.before_total is None or abs(self.total - self.before_total) >= 10.0**-DECIMALS

    @property
    def sentence(self) -> str:
        """The same in words, in the reader's language."""
        words = {"name": self.account.display_name, "rank": self.rank, "before": self.before_rank}
        words["total"] = formatting.number(self.total, 2)
        if self.before_rank is None:
            text = _(
                "Provisional: %(name)s has %(total)s points, rank %(rank)s. It counts with the next run."
            )
        else:
            text = _(
                "Provisional: %(name)s has %(total)s points, rank %(rank)s instead of %(before)s. "
                "It counts with the next run."
            )
        return text % words


def provisional(account: Account, run: ScoreRun | None = None) -> Provisional | None:
    """Return where an account would stand in a run (default: the one people look at) with its ratings of today.

    What is computed from facts stays as the run has it. None without a run, or when nothing applies.
    """
    run = run or ScoreRun.objects.defer("certainty").latest()
    if run is None or run.finished_at is None:
        return None
    items = items_of(run)
    stored = Score.objects.of_run(run).filter(account=account).first()
    cells = _cells(account, items, stored.ratings if stored else [None] * len(items))
    ratings = [cell if isinstance(cell, int | float) else None for cell in cells]
    total = score_account(ratings, run.weights, [cell != NOT_APPLICABLE for cell in cells]).total
    if total is None:
        return None
    before = (stored.total, stored.rank) if stored else (None, None)
    return Provisional(account, run, total, _rank(run, total, before[0]), *before)


def provisional_words(account: Account, run: ScoreRun | None = None) -> str:
    """Say where the account would stand, or nothing while its ratings are those of the run."""
    found = provisional(account, run)
    return found.sentence if found and found.has_changed else ""


def _cells(account: Account, items: list[ModelCriterion], stored: list[Any]) -> list[Any]:
    """Return the run's cells with those that people rate as they are rated now."""
    rated = [item.criterion_id for item in items if not item.criterion.is_computed]
    now = ratings_of(account, rated, timezone.localdate())
    return [
        cell if item.criterion.is_computed else now.get(item.criterion_id)
        for item, cell in zip(items, stored, strict=True)
    ]


def _rank(run: ScoreRun, total: float, own: float | None) -> int:
    """Return the rank a total would have among the other accounts, from some marks and one stretch of the ranking."""
    scores = Score.objects.of_run(run)
    # Totals that differ by less than the ranking compares are the same.
    edge = round(total, DECIMALS) + 0.5 * 10.0**-DECIMALS
    step = run.accounts // MARKS + 1
    found = scores.filter(position__in=range(step, run.accounts + 1, step)).values_list("position", "total")
    marks = [(place, at > edge) for place, at in found]
    before = max((place for place, is_ahead in marks if is_ahead), default=0)
    after = min((place for place, is_ahead in marks if not is_ahead), default=run.accounts)
    ahead = before + scores.filter(position__gt=before, position__lte=after, total__gt=edge).count()
    return ahead + 1 - (own is not None and own > edge)
