"""Does key account management pay? Key accounts against comparable others over the same quarters.

Each key account is compared with the most similar account that is none: same segment, nearest in size (on a
logarithmic scale) and in growth before the start, and no account serves twice. That removes what can be seen
at the start, not what cannot: the result is an association with an interval, no proof of a cause.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from accounts.arithmetic import CannotCompute, Floats, Number, as_floats, gettext_noop

MINIMUM_PAIRS = 10
MINIMUM_QUARTERS = 8
# Beyond this distance, in standard deviations of size and growth together, two accounts are not alike.
CALIPER = 1.0
RESAMPLES = 5_000


@dataclass(frozen=True, slots=True)
class Subject:
    """An account at the start of the comparison and its outcome at the end.

    ``size`` is revenue before the start (above zero), ``growth`` its growth before the start, ``outcome``
    what is compared, such as the result of ``contribution_change``.
    """

    account: str
    segment: str
    size: float
    growth: float
    outcome: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Mean outcome of the matched key accounts minus that of their twins, with a bootstrap interval."""

    pairs: Sequence[tuple[str, str]]
    unmatched: Sequence[str]
    key_mean: float
    other_mean: float
    difference: float
    low: float
    high: float
    confidence: float

    @property
    def conclusive(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def contribution_change(quarters: Sequence[Number]) -> float:
    """Return the mean quarterly contribution of the last four quarters minus that of the first four.

    Raises CannotCompute for fewer than eight quarters: less is season and chance.
    """
    values = as_floats(quarters)
    if values.size < MINIMUM_QUARTERS:
        raise CannotCompute(
            "too_few_quarters",
            gettext_noop("Too few quarters for a change: %(found)s of the %(needed)s needed."),
            {"needed": MINIMUM_QUARTERS, "found": int(values.size)},
        )
    return float(values[-4:].mean() - values[:4].mean())


def match(
    key_accounts: Iterable[Subject], others: Iterable[Subject], caliper: float = CALIPER
) -> list[tuple[Subject, Subject]]:
    """Return the pairs of most similar accounts, nearest pairs first, each account in one pair at most."""
    keys, rest = list(key_accounts), list(others)
    if not keys or not rest:
        return []
    traits = _standardised([*keys, *rest])
    segments = np.array([other.segment for other in rest])
    candidates: list[tuple[float, int, int]] = []
    for row, key in enumerate(keys):
        distances = np.linalg.norm(traits[len(keys) :] - traits[row], axis=1)
        distances[segments != key.segment] = np.inf
        # The other key accounts can take at most the nearest len(keys) − 1 away, so no more need be kept.
        nearest = np.argsort(distances, kind="stable")[: len(keys)]
        candidates += [(float(distances[n]), row, int(n)) for n in nearest if distances[n] <= caliper]
    return [(keys[row], rest[column]) for row, column in _nearest_pairs(candidates)]


def compare_matched(
    key_accounts: Iterable[Subject],
    others: Iterable[Subject],
    *,
    confidence: float = 0.95,
    minimum: int = MINIMUM_PAIRS,
    seed: int = 1,
) -> Comparison:
    """Match and compare subjects whose outcomes are known, as ``compare_pairs`` does."""
    keys = list(key_accounts)
    return compare_pairs(match(keys, others), keys, confidence=confidence, minimum=minimum, seed=seed)


def compare_pairs(
    pairs: Sequence[tuple[Subject, Subject]],
    keys: Iterable[Subject],
    *,
    confidence: float = 0.95,
    minimum: int = MINIMUM_PAIRS,
    seed: int = 1,
) -> Comparison:
    """Return the difference of outcomes of matched pairs with a percentile bootstrap interval over pairs.

    ``keys`` are all that were to be matched. The seed makes the interval reproducible. Raises CannotCompute
    below ``minimum`` pairs (default 10): with fewer, one account decides the result, and a number would only
    look like knowledge.
    """
    if len(pairs) < minimum:
        raise CannotCompute(
            "too_few_pairs",
            gettext_noop("Too few key accounts with a twin: %(found)s of the %(needed)s needed."),
            {"found": len(pairs), "needed": minimum},
        )
    differences = np.array([key.outcome - other.outcome for key, other in pairs])
    low, high = _bootstrap_mean(differences, confidence, seed)
    matched = {key.account for key, _ in pairs}
    return Comparison(
        pairs=[(key.account, other.account) for key, other in pairs],
        unmatched=[key.account for key in keys if key.account not in matched],
        key_mean=float(np.mean([key.outcome for key, _ in pairs])),
        other_mean=float(np.mean([other.outcome for _, other in pairs])),
        difference=float(differences.mean()),
        low=low,
        high=high,
        confidence=confidence,
    )


def _standardised(subjects: Sequence[Subject]) -> Floats:
    sizes = as_floats([subject.size for subject in subjects])
    if (sizes <= 0).any():
        raise CannotCompute("size_not_positive", gettext_noop("Accounts are compared by a size above zero."))
    traits = np.column_stack([np.log(sizes), as_floats([subject.growth for subject in subjects])])
    spread = traits.std(axis=0)
    return traits / np.where(spread > 0, spread, 1.0)


def _nearest_pairs(candidates: list[tuple[float, int, int]]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    rows: set[int] = set()
    columns: set[int] = set()
    # Nearest first over all pairs, so that the result does not depend on the order of the accounts.
    for _, row, column in sorted(candidates):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            pairs.append((row, column))
    return pairs


def _bootstrap_mean(values: Floats, confidence: float, seed: int) -> tuple[float, float]:
    random = np.random.default_rng(seed)
    drawn = random.integers(0, values.size, size=(RESAMPLES, values.size))
    tail = (1 - confidence) / 2
    low, high = np.quantile(values[drawn].mean(axis=1), [tail, 1 - tail])
    return float(low), float(high)
