"""The facts of an account in words and figures, each with the way it was computed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.facts import FACTS, AccountFacts
from kam.lib import formatting

SHOWN = (
    "revenue",
    "growth",
    "orders",
    "average_transaction_size",
    "median_transaction_size",
    "tenure_days",
    "recency_days",
    "median_gap_days",
    "distinct_offerings",
    "lines",
)


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One figure: ``note`` says what it is about, ``how`` the rule, ``formula`` the rule with its numbers, and
    ``query`` is the address of the lines it comes from, ``before`` of those it is compared with.
    """

    code: str
    label: str
    value: str
    note: str
    how: str
    formula: str
    query: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class FactsBand:
    """All figures of one question; ``query`` is the address of the lines in its window, ``ends`` what the address
    of the page says about its last day: nothing while that is today.
    """

    facts: AccountFacts
    shown: list[ShownFact]
    query: str
    ends: str

    @property
    def other_basis(self) -> str:
        return "gross" if self.facts.basis == "net" else "net"

    @property
    def last_before(self) -> date | None:
        """The day of the last order when all orders lie before the window: its figures say nothing then."""
        last, start = self.facts.last_order_on, self.facts.span.start
        return last if last and start and last < start else None


def facts_band(facts: AccountFacts, currency: str, today: date) -> FactsBand:
    """Return the facts as the account page shows them, in the active language."""
    notes, formulas = _notes(facts), _formulas(facts, currency)
    shown = []
    for code in SHOWN:
        fact = FACTS[code]
        value = _text(fact.unit, getattr(facts, code), currency)
        note, formula = notes.get(code, ""), formulas.get(code, "")
        query = _query(facts, facts.window if fact.uses_window else "all")
        before = _query_before(facts) if code == "growth" else ""
        shown.append(ShownFact(code, str(fact.label), value, note, str(fact.how), formula, query, before))
    ends = "" if facts.as_of == today else f"&as_of={facts.as_of.isoformat()}"
    return FactsBand(facts, shown, _query(facts, facts.window), ends)


def _query(facts: AccountFacts, window: str) -> str:
    return f"as_of={facts.as_of.isoformat()}&window={window}&basis={facts.basis}"


def _query_before(facts: AccountFacts) -> str:
    """Return the address of the lines in the window of the same length just before; empty without one."""
    if facts.growth is None or facts.span.start is None:
        return ""
    return _query(replace(facts, as_of=facts.span.start - timedelta(days=1)), facts.window)


def _text(unit: str, value: Any, currency: str) -> str:
    if unit == "money":
        return formatting.money(value, currency)
    if unit == "percent":
        return formatting.percent(value, signed=True)
    if unit == "days" and value is not None:
        # A median may lie between two days: 1.5 days are a plural.
        plural = 1 if value == 1 else 2
        return ngettext("%(days)s day", "%(days)s days", plural) % {"days": formatting.number(value)}
    return formatting.number(value)


def _notes(facts: AccountFacts) -> dict[str, str]:
    basis = _("net of reversals") if facts.basis == "net" else _("gross, without reversals")
    notes = dict.fromkeys(("revenue", "average_transaction_size", "median_transaction_size"), basis)
    if facts.first_order_on and facts.last_order_on:
        since = {"day": formatting.date(facts.first_order_on)}
        notes["tenure_days"] = _("since %(day)s") % since
        notes["recency_days"] = _("last order on %(day)s") % {"day": formatting.date(facts.last_order_on)}
    if facts.next_order_expected_on:
        day = {"day": formatting.date(facts.next_order_expected_on)}
        notes["median_gap_days"] = (
            _("overdue since %(day)s") % day if facts.overdue else _("next order around %(day)s") % day
        )
    if facts.growth is not None:
        notes["growth"] = _("against the window before")
    return notes


def _formulas(facts: AccountFacts, currency: str) -> dict[str, str]:
    formulas = {}
    if facts.orders:
        revenue, average = (
            formatting.money(amount, currency) for amount in (facts.revenue, facts.average_transaction_size)
        )
        formulas["average_transaction_size"] = f"{revenue} / {formatting.number(facts.orders)} = {average}"
    for code, day in (("tenure_days", facts.first_order_on), ("recency_days", facts.last_order_on)):
        if day:
            formulas[code] = f"{formatting.date(facts.as_of)} {formatting.MINUS} {formatting.date(day)}"
    return formulas
