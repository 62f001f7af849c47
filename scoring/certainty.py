"""How sure is a stored run? Stability of its ranking, kept for as long as the run stays the same."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kam.lib import formatting
from kam.lib.errors import DomainError, InvalidInput
from scoring.explain import items_of
from scoring.models import ModelCriterion, ScoreRun, ScoringModel
from scoring.stability import Cut, Uncertainty, stability, words
from scoring.stored import StoredRun, stored_run
from scoring.weighing import refusals

# A rating by people could as well have been half a point higher or lower; a computed one could not.
HALF_WIDTH = 0.5
MOST_ACCOUNTS = 5_000
# A nightly run that changes nothing keeps what was found for the one before it.
KEEP_SECONDS = 7 * 24 * 3600
MISSING = gettext_noop("The ranking stands, but how sure its places are has not been computed.")


@dataclass(frozen=True)
class Certainty:
    """One account's place: between which ranks, how probably above the line, how far from it.

    ``central`` holds the mean of the weights that put it above the line, in the order of the criteria; None
    when no draw does.
    """

    rank_low: int
    rank_high: int
    p_top: float
    margin: float | None
    central: list[float] | None = None

    @property
    def word(self) -> str:
        """ "firm_in", "grey" or "firm_out"."""
        return words(self.p_top)

    @property
    def share(self) -> str:
        """The probability as people read it."""
        return formatting.percent(*self._rounded)

    @property
    def _rounded(self) -> tuple[float, int]:
        """Value and digits: what is in the grey zone never reads as 5 or 95 %, where «firmly» begins."""
        if self.word == "grey" and round(100 * self.p_top) in (5, 95):
            return min(max(self.p_top, 0.051), 0.949), 1
        return self.p_top, 0

    @property
    def sentence(self) -> str:
        """The same in words, in the reader's language."""
        if self.word == "grey":
            value, digits = self._rounded
            return _("In the grey zone: %(share)s") % {"share": formatting.percent(value, digits)}
        return _("Firmly key") if self.word == "firm_in" else _("Firmly below the line")


def run_certainty(run: ScoreRun, top: int | None = None) -> list[Certainty]:
    """Return the certainty of each account by its position in the run; ``top`` overrides the model's cut line.

    Weights are drawn consistent with the model's order of importance, ratings by people from half a point
    around. Of more than 5,000 accounts the first 5,000 are looked at. Raises DomainError when it could not be
    computed with the run: whoever asks for it again, waits for a job and not for a page.
    """
    if run.lacks_certainty:
        raise DomainError("certainty_missing", MISSING)
    own, cut = cut_of(run.model), cut_of(run.model, top)
    # Runs of earlier releases have stored no central weights.
    if cut == own and run.certainty and len(run.certainty[0]) == len(fields(Certainty)):
        return [Certainty(*row) for row in run.certainty]
    key = f"scoring.certainty:{run.pk}:{run.finished_at}:{cut.top}:{cut.threshold}".replace(" ", "T")
    rows = cache.get(key)
    if rows is None:
        rows = certainty_rows(run, cut)
        cache.set(key, rows, KEEP_SECONDS)
    return [Certainty(*row) for row in rows]


def certainty_rows(
    run: ScoreRun,
    cut: Cut | None = None,
    stored: StoredRun | None = None,
    items: list[ModelCriterion] | None = None,
) -> list[list[Any]]:
    """Compute the fields of Certainty for each account in rank order, as the run stores them."""
    stored = stored or stored_run(run, MOST_ACCOUNTS)
    if not stored.account_ids:
        return []
    items = items or items_of(run)
    widths = np.array([0.0 if item.criterion.is_computed else HALF_WIDTH for item in items])
    unsure = Uncertainty(
        order=importance(items), half_width=np.broadcast_to(widths, stored.ratings.shape), seed=run.seed
    )
    with refusals():
        sure = stability(stored.ratings, run.weights, cut or cut_of(run.model), unsure, stored.applicable)
    margins = [None if margin != margin else margin for margin in sure.margin.tolist()]
    # Drawn to a point or so: more digits would only make the run's row long.
    central = [None if row[0] != row[0] else row for row in sure.central_weights.round(4).tolist()]
    columns = (sure.rank_low.tolist(), sure.rank_high.tolist(), sure.p_top.tolist(), margins, central)
    return [list(row) for row in zip(*columns, strict=True)]


def importance(items: list[ModelCriterion]) -> list[int]:
    """Return the ranks of the criteria: as stated, or read off the weights; equal weights share a rank."""
    if all(item.rank for item in items):
        return [item.rank or 1 for item in items]
    heavier = sorted({round(item.weight, 9) for item in items}, reverse=True)
    return [heavier.index(round(item.weight, 9)) + 1 for item in items]


def cut_of(model: ScoringModel, top: int | None = None) -> Cut:
    """Return the model's cut line, or the first ``top`` accounts. Raises InvalidInput for no such number."""
    if top is not None and not 1 <= top <= 1_000_000:
        raise InvalidInput("bad_top", gettext_noop("top is a whole number from 1."), field="top")
    if top is not None:
        return Cut(top=top)
    if model.cut_kind == ScoringModel.CutKind.TOP_N:
        return Cut(top=int(model.cut_value))
    return Cut(threshold=model.cut_value)
