"""How sure is a ranking? Stochastic multicriteria acceptability analysis (Lahdelma & Salminen 2001).

What is known about the weights (an order, intervals or nothing) and about the ratings (a value give or take,
or nothing) is drawn many times; counted is how often an account stands above the cut line. 9,604 draws hold a
probability to one point at 95 % (1.96^2 / (4 * 0.01^2)). The seed is part of the input and of the result, so
the same input gives the same figures to the last digit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.inputs import InputError, gettext_noop
from scoring.ranking import DECIMALS, HIGHEST, LOWEST, Flags, Floats, Ints, ranks, score_matrix
from scoring.weight_samples import sample_weights

SAMPLES = 9_604
FIRM = 0.95
# Draws are worked through in blocks of this many totals (512 KiB), which stay in the processor's cache.
BLOCK_CELLS = 2**16
# Ranking a draw costs far more than counting who is above the line; of large portfolios the first are ranked.
RANK_CELLS, FEWEST_RANKED = 10_000_000, 1_000


@dataclass(frozen=True)
class Cut:
    """Where key accounts begin: the first ``top`` accounts, or totals from ``threshold`` on."""

    top: int | None = None
    threshold: float | None = None

    def __post_init__(self) -> None:
        if (self.top is None) == (self.threshold is None) or (self.top is not None and self.top < 1):
            raise InputError(
                "cut_invalid", gettext_noop("The cut line needs a number of accounts from 1, or a threshold.")
            )


@dataclass(frozen=True)
class Uncertainty:
    """What is known, and so what is drawn.

    ``order`` holds the ranks of the criteria (1, 2, 2), ``intervals`` the lowest and highest weight of each
    (shares of 1); either may be None, both hold together. ``half_width`` is what a rating may be off by, one
    number or N x M; a missing rating is drawn from 1 to 10. Where more is known of the ratings than that,
    ``drawn`` holds them drawn already (samples x N x M); ``half_width`` then says nothing.
    """

    order: Sequence[int] | None = None
    intervals: Sequence[tuple[float, float]] | None = None
    half_width: Floats | float = 0.0
    drawn: Floats | None = None
    samples: int = SAMPLES
    seed: int = 1


@dataclass(frozen=True)
class Stability:
    """One entry for each account, in the order of the ratings.

    ``rank_low`` is the best and ``rank_high`` the worst rank met in the first ``ranked_samples`` draws and
    under the weights themselves; ``p_top`` the share of draws above the cut line; ``margin`` how far the
    total lies above (or, negative, below) the nearest total on the other side, NaN when nobody is there;
    ``central_weights`` (N x M) the mean weights that put the account above the line, NaN when none do.
    """

    rank: Ints
    rank_low: Ints
    rank_high: Ints
    p_top: Floats
    margin: Floats
    central_weights: Floats
    samples: int
    ranked_samples: int
    seed: int

    @property
    def words(self) -> list[str]:
        """Return "firm_in", "grey" or "firm_out" for each account."""
        return [words(float(p)) for p in self.p_top]


def words(p_top: float) -> str:
    """Name a probability: from 95 % firmly in, up to 5 % firmly out, between them the grey zone."""
    if p_top >= FIRM:
        return "firm_in"
    return "firm_out" if p_top <= 1 - FIRM else "grey"


def ranked_draws(accounts: int, samples: int = SAMPLES) -> int:
    """Return in how many draws the ranks of this many accounts are counted.

    Of n draws the best and the worst rank met leave out a further draw with a probability of 2 / (n + 1) at
    most, so even the fewest hold all but one in five hundred.
    """
    return min(samples, max(FEWEST_RANKED, RANK_CELLS // max(1, accounts)))


def stability(
    ratings: Floats,
    weights: Sequence[float],
    cut: Cut,
    uncertainty: Uncertainty,
    applicable: Flags | None = None,
) -> Stability:
    """Return how firm the place of each account is.

    ``ratings`` is N x M with NaN where missing, ``weights`` are the model's own (they set rank and margin),
    ``applicable`` is N x M. Memory does not grow with the number of draws.
    Raises InputError (cut_invalid, drawn_invalid) and WeightError (also intervals_infeasible).
    """
    if uncertainty.drawn is not None and uncertainty.drawn.shape != (uncertainty.samples, *ratings.shape):
        raise InputError("drawn_invalid", gettext_noop("Drawn ratings need one for each draw and cell."))
    totals = score_matrix(ratings, weights, applicable).total
    draws = _Draws(ratings, uncertainty, applicable)
    counter = _Counter(ranks(totals), ratings.shape[1], cut, draws.ranked)
    for drawn_weights, drawn_totals in draws.blocks():
        counter.add(drawn_weights, drawn_totals)
    central = np.full(ratings.shape, np.nan)
    np.divide(counter.weights, counter.above[:, None], out=central, where=counter.above[:, None] > 0)
    return Stability(
        rank=ranks(totals),
        rank_low=counter.best,
        rank_high=counter.worst,
        p_top=counter.above / uncertainty.samples,
        margin=margins(totals, cut),
        central_weights=central,
        samples=uncertainty.samples,
        ranked_samples=draws.ranked,
        seed=uncertainty.seed,
    )


def margins(totals: Floats, cut: Cut) -> Floats:
    """Return how far each total lies above (or below, negative) the cut line.

    With a number of accounts the line is the best total outside for those inside, and the last total inside
    for those outside; NaN where the other side is empty.
    """
    if cut.threshold is not None:
        return totals - cut.threshold
    place = ranks(totals)
    inside = (place > 0) & (place <= (cut.top or 0))
    outside = place > (cut.top or 0)
    if not inside.any() or not outside.any():
        return np.full(len(totals), np.nan)
    return np.where(inside, totals - totals[outside].max(), totals - totals[inside].min())


class _Draws:
    """Draws weights and ratings block by block and returns the totals they give."""

    def __init__(self, ratings: Floats, uncertainty: Uncertainty, applicable: Flags | None) -> None:
        values = np.asarray(ratings, dtype=np.float64)
        applies = (
            np.ones(values.shape, dtype=bool) if applicable is None else np.asarray(applicable, dtype=bool)
        )
        width = np.broadcast_to(np.asarray(uncertainty.half_width, dtype=np.float64), values.shape)
        missing = np.isnan(values)
        # Width 0 leaves a value alone, even one outside the scale.
        low = np.where(missing, LOWEST, np.where(width > 0, np.clip(values - width, LOWEST, HIGHEST), values))
        high = np.where(
            missing, HIGHEST, np.where(width > 0, np.clip(values + width, LOWEST, HIGHEST), values)
        )
        self.low = np.where(applies, low, 0.0).T.copy()
        self.span = np.where(applies, high - low, 0.0).T.copy()
        self.uncertain = [np.flatnonzero(span > 0) for span in self.span]
        self.drawn = None if uncertainty.drawn is None else np.where(applies, uncertainty.drawn, 0.0)
        self.partly = np.flatnonzero(~applies.all(axis=1))
        self.applies = applies[self.partly].astype(np.float64).T.copy()
        weight_seed, rating_seed = np.random.SeedSequence(uncertainty.seed).spawn(2)
        self.ratings_generator = np.random.default_rng(rating_seed)
        self.weights = sample_weights(
            uncertainty.samples,
            values.shape[1],
            np.random.default_rng(weight_seed),
            order=uncertainty.order,
            intervals=uncertainty.intervals,
        )
        self.ranked = ranked_draws(len(values), uncertainty.samples)

    def blocks(self) -> Iterator[tuple[Floats, Floats]]:
        rows = max(1, BLOCK_CELLS // max(1, self.low.shape[1]))
        for start in range(0, len(self.weights), rows):
            weights = self.weights[start : start + rows]
            yield weights, self._totals(weights, start)

    def _totals(self, weights: Floats, start: int) -> Floats:
        if self.drawn is not None:
            totals = np.einsum("snm,sm->sn", self.drawn[start : start + len(weights)], weights)
        else:
            totals = _weighted(weights, self.low)
            for k, accounts in enumerate(self.uncertain):
                if len(accounts):
                    self._add_drawn(totals, weights[:, k, None], k, accounts)
        if len(self.partly):
            whole = _weighted(weights, self.applies)
            # Where nothing applies there is no total; it never stands above any line.
            known = np.where(whole > 0, totals[:, self.partly], -np.inf)
            totals[:, self.partly] = known / np.where(whole > 0, whole, 1.0)
        return totals

    def _add_drawn(self, totals: Floats, weight: Floats, k: int, accounts: Ints) -> None:
        # Single precision is far finer than any rating and draws twice as fast.
        drawn = self.ratings_generator.random((len(totals), len(accounts)), dtype=np.float32)
        above_low = drawn * self.span[k, accounts]
        above_low *= weight
        everyone = len(accounts) == totals.shape[1]
        totals[:, slice(None) if everyone else accounts] += above_low


class _Counter:
    """Adds up, over the draws, who stood above the line, with which weights, and on which rank."""

    def __init__(self, place: Ints, criteria: int, cut: Cut, ranked: int) -> None:
        self.cut, self.ranked = cut, ranked
        self.best, self.worst = place.copy(), place.copy()
        self.has_place = place > 0
        self.above = np.zeros(len(place), dtype=np.int64)
        self.weights = np.zeros((len(place), criteria))

    def add(self, weights: Floats, totals: Floats) -> None:
        above = totals >= self._line(totals)
        above &= self.has_place
        draws, accounts = np.divmod(np.flatnonzero(above), totals.shape[1])
        self.above += np.bincount(accounts, minlength=len(self.above))
        for k in range(weights.shape[1]):
            self.weights[:, k] += np.bincount(accounts, weights=weights[draws, k], minlength=len(self.above))
        if self.ranked > 0:
            self._rank(totals[: self.ranked])
            self.ranked -= len(totals)

    def _line(self, totals: Floats) -> Floats | float:
        if self.cut.threshold is not None:
            return self.cut.threshold - 10.0**-DECIMALS
        top, accounts = self.cut.top or 0, totals.shape[1]
        if top >= accounts:
            return -np.inf
        return np.partition(totals, accounts - top, axis=1)[:, accounts - top, None]

    def _rank(self, totals: Floats) -> None:
        if not totals.size:
            return
        place = _ranks_by_row(totals)
        np.minimum(self.best, place.min(axis=0), out=self.best, where=self.has_place)
        np.maximum(self.worst, place.max(axis=0), out=self.worst, where=self.has_place)


def _weighted(weights: Floats, columns: Floats) -> Floats:
    """Return weights (S x M) times columns (M x N), summed criterion by criterion.

    Not a matrix product: that one rounds differently from place to place, and equal accounts would not tie.
    """
    totals = weights[:, 0, None] * columns[0]
    part = np.empty_like(totals)
    for k in range(1, len(columns)):
        np.multiply(weights[:, k, None], columns[k], out=part)
        totals += part
    return totals


def _ranks_by_row(totals: Floats) -> Ints:
    """Competition ranks within each row, the highest total first."""
    order = np.argsort(-totals, axis=1)
    ordered = np.take_along_axis(totals, order, axis=1)
    places = np.broadcast_to(np.arange(1, totals.shape[1] + 1), totals.shape).copy()
    places[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    np.maximum.accumulate(places, axis=1, out=places)
    result = np.empty_like(places)
    np.put_along_axis(result, order, places, axis=1)
    return result
