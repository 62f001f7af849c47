"""What the page of a back-test shows beside its figures: the outcome by tenth of the ranking."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from kam.lib import formatting
from kam.lib.charting import Chart, Frame, Measure, Table
from kam.lib.charts import bars
from kam.users.models import Organisation
from scoring.backtest import FEWEST_EVENTS
from scoring.models import Backtest


@dataclass(frozen=True)
class Tenth:
    """One tenth of the ranking, 1 being the best; ``outcome`` is a mean, of yes and no a share."""

    label: str
    count: int
    points: str
    outcome: float
    text: str


def tenths(test: Backtest) -> list[Tenth]:
    """Return the tenths that hold anybody, with their outcome as people read it."""
    return [_tenth(test, band) for band in test.result.get("bands", []) if band["count"]]


@dataclass(frozen=True)
class Lift:
    """What the chosen accounts brought against others: a multiple, or a difference where there is none."""

    value: str
    unit: str
    note: str


def lift(test: Backtest, against: str) -> Lift | None:
    """Return the lift ``against`` "revenue" or "random" as people read it; None where nobody was compared.

    Of a fall or of nothing there is no multiple: then the difference is told, in the outcome's own measure.
    """
    found = test.result.get(f"against_{against}")
    if found is None:
        return None
    measure = _measure(test)
    signed = test.outcome == Backtest.Outcome.GROWTH
    means = {name: measure.text(found[name], signed=signed) for name in ("chosen", "other")}
    note = _("%(chosen)s on average instead of %(other)s") % means
    if found["ratio"] is None:
        return Lift(measure.text(found["difference"], signed=True), "", note)
    return Lift(formatting.number(found["ratio"], 2), "×", note)


def calibration_chart(test: Backtest) -> Chart | None:
    """Return the outcome by tenth as bars, with all accounts below them to compare with.

    None without enough accounts; shares of fewer than ten accounts are told as counts and not drawn.
    """
    rows = tenths(test)
    if not test.result.get("enough") or len(rows) < 2 or _too_few(test, rows):
        return None
    everybody, mean = _("All accounts"), _mean(rows)
    measure, best = _measure(test), rows[0]
    chart = bars(
        Frame(_message(test, best, mean), _subtitle(test), anchor="calibration"),
        [*((row.label, row.outcome, None) for row in rows), (everybody, mean, None)],
        measure,
        highlight=[best.label],
    )
    header = [_("Tenth"), _("Accounts"), _("Mean points"), _("Outcome")]
    body = [[row.label, formatting.number(row.count), row.points, row.text] for row in rows]
    total = [everybody, formatting.number(sum(row.count for row in rows)), "–", measure.exact(mean)]
    return replace(chart, table=Table(header, [*body, total]))


def _tenth(test: Backtest, band: dict[str, Any]) -> Tenth:
    label = _("Tenth %(number)s") % {"number": band["band"]}
    count, outcome = band["count"], band["mean_outcome"]
    text = _measure(test).exact(outcome)
    if _is_share(test) and count < FEWEST_EVENTS:
        text = _("%(good)s of %(all)s") % {"good": round(outcome * count), "all": count}
    return Tenth(label, count, formatting.number(band["mean_score"], 2), outcome, text)


def _too_few(test: Backtest, rows: list[Tenth]) -> bool:
    return _is_share(test) and any(row.count < FEWEST_EVENTS for row in rows)


def _mean(rows: list[Tenth]) -> float:
    return sum(row.count * row.outcome for row in rows) / sum(row.count for row in rows)


def _is_share(test: Backtest) -> bool:
    return test.outcome == Backtest.Outcome.RETENTION


def _measure(test: Backtest) -> Measure:
    return Measure("percent") if _is_share(test) else Measure("money", Organisation.current().currency)


def _message(test: Backtest, best: Tenth, mean: float) -> str:
    measure = _measure(test)
    words = {"best": measure.text(best.outcome), "all": measure.text(mean)}
    texts = {
        Backtest.Outcome.RETENTION: _("Of the first tenth %(best)s ordered again, of all accounts %(all)s"),
        Backtest.Outcome.REVENUE: _("The first tenth brought %(best)s on average, all accounts %(all)s"),
        Backtest.Outcome.GROWTH: _("The first tenth changed by %(best)s on average, all accounts by %(all)s"),
    }
    signed = {
        name: measure.text(value, signed=True) for name, value in (("best", best.outcome), ("all", mean))
    }
    return texts[Backtest.Outcome(test.outcome)] % (
        signed if test.outcome == Backtest.Outcome.GROWTH else words
    )


def _subtitle(test: Backtest) -> str:
    words = {"outcome": test.get_outcome_display(), "days": test.horizon_days}
    return (
        _("%(outcome)s in the %(days)s days after, mean by tenth of the ranking, the highest points first")
        % words
    )
