"""What exchange rates did to the revenue, and lines in currencies that have no rate."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum

from accounts.amounts import Units, from_units
from accounts.models import Account, CurrencyRate, SalesLine
from accounts.rates import RateBook
from goals.periods import Period

CENT = Decimal("0.01")
Sold = tuple[str, str, date, Decimal]


@dataclass(frozen=True, slots=True)
class Currencies:
    """By offering, how much of the period's revenue comes from moved rates; and currencies without a rate."""

    effects: Mapping[str, Decimal]
    unknown: list[str]


def currencies(account: Account, period: Period, compare: Period, ours: str) -> Currencies:
    """Return the effect of rates between two periods: revenue as it is, less revenue at the rates of before.

    A currency's rate of before is that at which its sales of ``compare`` were converted, or without such sales
    the one of its last day. Lines keep the amount that the rate of their day made of them.
    """
    within = {each: Q(ordered_on__gte=each.start, ordered_on__lt=each.end) for each in (period, compare)}
    lines = SalesLine.objects.filter(within[period] | within[compare], account=account).exclude(currency=ours)
    rows = (
        lines.order_by()
        .values("offering", "currency", "ordered_on")
        .annotate(units=Sum(Units(F("amount"))))
        .values_list("offering", "currency", "ordered_on", "units")
    )
    sold: list[Sold] = [(str(key or ""), code, day, from_units(units)) for key, code, day, units in rows]
    if not sold:
        return Currencies({}, [])
    codes = {code for _key, code, _day, _amount in sold}
    book = CurrencyRate.objects.filter(currency__in=codes).book()
    unknown = {code for _key, code, day, _amount in sold if book.on(code, day) is None}
    known = [row for row in sold if row[1] not in unknown]
    return Currencies(_effects(known, book, period, compare), sorted(unknown))


def _effects(sold: list[Sold], book: RateBook, period: Period, compare: Period) -> dict[str, Decimal]:
    before = _rates_of([row for row in sold if compare.contains(row[2])], book)
    effects: dict[str, Decimal] = defaultdict(Decimal)
    for key, code, day, amount in sold:
        rate = book.on(code, day)
        then = before.get(code) or book.on(code, date.fromordinal(compare.end.toordinal() - 1))
        if period.contains(day) and rate and then:
            effects[key] += amount - amount / rate * then
    return {key: effect.quantize(CENT) for key, effect in effects.items()}


def _rates_of(sold: list[Sold], book: RateBook) -> dict[str, Decimal]:
    """Return the mean rate of each currency, weighted by what was sold."""
    ours: dict[str, Decimal] = defaultdict(Decimal)
    theirs: dict[str, Decimal] = defaultdict(Decimal)
    for _key, code, day, amount in sold:
        rate = book.on(code, day)
        if rate and amount > 0:
            ours[code] += amount
            theirs[code] += amount / rate
    return {code: ours[code] / theirs[code] for code in ours if theirs[code]}
