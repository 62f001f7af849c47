"""Giving exchange rates. What sales lines were converted with never changes afterwards."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import CurrencyRate, SalesLine
from accounts.tidy import tidy_currency
from accounts.windows import check_day
from kam.lib.errors import InvalidInput
from kam.users.models import Organisation, User

MOST_ROWS = 20_000
LARGEST = Decimal(10) ** 9
PLACES = Decimal("1e-10")
Given = tuple[str, date, Decimal]


@transaction.atomic
def add_rates(rows: Iterable[Given], *, by: User | None) -> int:
    """Write rates (currency, valid from, value of one unit), all or none; returns how many are new or different.

    Raises InvalidInput for no currency, the reporting currency itself, a rate that is none, and where sales lines
    in the currency stand already on or after the first day that would change.
    """
    given = {(tidy_currency(code), check_day(day, "valid_from")): _checked(rate) for code, day, rate in rows}
    if len(given) > MOST_ROWS:
        message = gettext_noop("%(count)s rates are given; %(most)s are read at a time.")
        raise InvalidInput("too_many_rows", message, {"count": len(given), "most": MOST_ROWS}, "table")
    ours = Organisation.current().currency
    if any(code == ours for code, _day in given):
        message = gettext_noop("%(currency)s is the reporting currency: its rate is always 1.")
        raise InvalidInput("own_currency", message, {"currency": ours}, "currency")
    codes = {code for code, _day in given}
    standing = {
        (row.currency, row.valid_from): row.rate for row in CurrencyRate.objects.filter(currency__in=codes)
    }
    changed = {key: rate for key, rate in given.items() if standing.get(key) != rate}
    for code in sorted(codes):
        _refuse_used(code, [day for other, day in changed if other == code])
    CurrencyRate.objects.bulk_create(
        [CurrencyRate(currency=c, valid_from=day, rate=r, created_by=by) for (c, day), r in changed.items()],
        update_conflicts=True,
        unique_fields=["currency", "valid_from"],
        update_fields=["rate", "created_by", "updated_at"],
    )
    if changed:
        record("currency_rates.added", by=by, currencies=sorted(codes), rates=len(changed))
    return len(changed)


@transaction.atomic
def remove_rate(rate: CurrencyRate, *, by: User) -> None:
    """Take a rate away that no sales line was converted with. Raises InvalidInput where one was."""
    _refuse_used(rate.currency, [rate.valid_from])
    record("currency_rates.removed", by=by, subject=rate, rate=rate.rate)
    rate.delete()


def _refuse_used(currency: str, days: list[date]) -> None:
    if not days:
        return
    lines = SalesLine.objects.filter(currency=currency, ordered_on__gte=min(days)).order_by("ordered_on")
    first = lines.values_list("ordered_on", flat=True).first()
    if first is not None:
        message = gettext_noop(
            "There are sales lines in %(currency)s from %(day)s on: their amounts would no longer fit the rates. "
            "Take their import back first, or give rates for later days."
        )
        raise InvalidInput("rate_in_use", message, {"currency": currency, "day": first.isoformat()}, "table")


def _checked(rate: Decimal) -> Decimal:
    if not rate.is_finite() or not 0 < rate <= LARGEST or rate.quantize(PLACES) == 0:
        message = gettext_noop("A rate is a number above zero: what one unit is worth.")
        raise InvalidInput("bad_rate", message, field="rate")
    return rate.quantize(PLACES)
