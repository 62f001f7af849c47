"""What a rule would do to the portfolio, before it is saved: the facts behind it and the ratings that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.windows import check_day
from kam.lib import formatting
from kam.lib.charting import Chart, Frame, Measure
from kam.lib.charts_portfolio import histogram as histogram_chart
from kam.lib.errors import InvalidInput
from scoring.facts import RATEABLE, rateable_table
from scoring.rules import (
    Context,
    Floats,
    Histogram,
    Rule,
    apply_rule,
    histogram,
    portfolio_context,
    validate_rule,
)
from scoring.weighing import refusals

# From here on one rating is so frequent that the rule hardly tells accounts apart.
CROWDED = 0.5


@dataclass(frozen=True)
class Preview:
    """Facts of all accounts with orders, and how many of them get which rating, rounded to 1 to 10."""

    rule: dict[str, Any]
    context: Context
    facts: Histogram
    counts: list[int]
    accounts: int
    unit: str
    as_of: date
    all_equal: bool

    @property
    def ratings(self) -> list[tuple[int, int]]:
        return list(enumerate(self.counts, start=1))

    @property
    def rated(self) -> int:
        return sum(self.counts)

    @property
    def outliers(self) -> int:
        return self.facts.outliers_low + self.facts.outliers_high

    @property
    def warnings(self) -> list[str]:
        """What somebody should know before she saves, in her language."""
        if not self.accounts:
            return [_("No account has orders yet; there is nothing to look at.")]
        if not self.rated:
            return [_("No account has this fact in this window: every rating would be missing.")]
        if self.all_equal:
            return [_("All accounts have the same value: the criterion tells nobody apart.")]
        rating, most = max(self.ratings, key=lambda pair: pair[1])
        if most <= CROWDED * self.rated:
            return []
        text = _(
            "%(share)s of the rated accounts get a %(rating)s. Steps, percentiles or other bounds spread them."
        )
        return [text % {"share": formatting.percent(most / self.rated, 0), "rating": rating}]


def preview(
    fact: str, rule: Rule, *, window: str = "all", basis: str = "net", as_of: date | None = None
) -> Preview:
    """Apply a rule to today's portfolio without saving anything. Raises InvalidInput for a fact, window or rule
    that is none, and for a day outside the calendar.
    """
    if fact not in RATEABLE:
        raise InvalidInput("unknown_fact", gettext_noop("Choose a fact."), field="fact")
    with refusals():
        checked = validate_rule(rule)
    day = check_day(as_of, "as_of") if as_of else timezone.localdate()
    values: Floats = rateable_table([fact], as_of=day, window=window, basis=basis).values[fact]
    context = portfolio_context(checked, values)
    ratings = apply_rule(checked, values, context)
    return Preview(
        rule=checked,
        context=context,
        facts=histogram(values),
        counts=_counts(ratings[np.isfinite(ratings)]),
        accounts=len(values),
        unit=RATEABLE[fact].unit,
        as_of=day,
        all_equal=len(np.unique(values[np.isfinite(values)])) == 1,
    )


def fact_chart(shown: Preview, name: str, currency: str) -> Chart | None:
    """Return the histogram of the facts, None without any."""
    if not shown.facts.counts:
        return None
    kinds = {"money": Measure("money", currency), "percent": Measure("percent")}
    bins = _bins(shown.facts.edges, shown.facts.counts)
    return histogram_chart(Frame(name, _("Accounts by value")), bins, kinds.get(shown.unit, Measure()))


def rating_chart(shown: Preview) -> Chart | None:
    """Return how the ratings that follow are distributed, None when there are none."""
    if not shown.rated:
        return None
    bins = [(rating - 0.5, rating + 0.5, count) for rating, count in shown.ratings]
    return histogram_chart(Frame(_("Ratings that follow"), _("Accounts by rating, rounded")), bins)


def _bins(edges: Sequence[float], counts: Sequence[int]) -> list[tuple[float, float, int]]:
    return [(edges[k], edges[k + 1], count) for k, count in enumerate(counts)]


def _counts(ratings: Floats) -> list[int]:
    rounded = np.clip(np.floor(ratings + 0.5), 1, 10).astype(int)
    return [int(n) for n in np.bincount(rounded, minlength=11)[1:11]]
