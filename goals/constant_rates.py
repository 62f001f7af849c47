"""What moved exchange rates did to the revenue of a whole portfolio, computed by the database in one statement.

A line keeps the amount that the rate of its day made of it. At constant rates the second of two periods is converted
as goals.currencies does it for one account: an account's currency at the mean rate of its own sales in the base
period, or without such sales at the rate of that period's last day. The base stays as booked, and so does what was
sold in a currency that had no rate then. Amounts are whole ten-thousandths.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_noop

from accounts.amounts import Units
from accounts.models import CurrencyRate, SalesLine
from accounts.windows import parse_basis
from goals.periods import Period
from kam.lib.errors import InvalidInput
from kam.users.models import Organisation

AS_BOOKED, CONSTANT = RATES = ("as_booked", "constant")
Statement = tuple[str, tuple[Any, ...]]

# From days to one row an account and currency, from that to one row a key; 1.0 because SQLite divides whole numbers
# without a rest.
MOVED = """
    SELECT key, SUM(now - restated) AS units, MIN(unknown) AS unknown FROM (
        SELECT key, now, unknown, COALESCE(
            CAST(ROUND(now_stated * COALESCE(base / NULLIF(base_stated, 0), last_rate)) AS BIGINT), now
        ) AS restated FROM (
            SELECT key, SUM(now) AS now, SUM(base) * 1.0 AS base, MIN(last_rate) AS last_rate,
                SUM(now * 1.0 / rate) AS now_stated, SUM(base * 1.0 / rate) AS base_stated,
                MIN(CASE WHEN rate IS NULL THEN currency END) AS unknown
            FROM ({sold}) AS sold GROUP BY key, account_id, currency
        ) AS stated
    ) AS moved GROUP BY key
"""


def parse_rates(text: str) -> str:
    """Return ``as_booked`` or ``constant``; raises InvalidInput("bad_rates")."""
    if text not in RATES:
        message = gettext_noop("The rates are “as_booked” or “constant”.")
        raise InvalidInput("bad_rates", message, field="rates")
    return text


def sells_abroad() -> bool:
    """Say whether sales in other currencies can have been imported: none comes in without a rate."""
    return CurrencyRate.objects.exists()


def moved_statement(
    lines: QuerySet[SalesLine], base: Period, current: Period, *, basis: str = "net", key: Any = None
) -> Statement:
    """Return SQL with a row for each key that has foreign sales: what moved rates added to the current period.

    ``key`` is an expression over lines, the account without one. ``unknown`` is a currency without a rate, or NULL.
    """
    before, now = (Q(ordered_on__gte=each.start, ordered_on__lt=each.end) for each in (base, current))
    positive = Q(amount__gt=0)
    if parse_basis(basis) == "gross":
        lines = lines.filter(positive)
    units, rates, last = Units(F("amount")), CurrencyRate.objects, base.end - timedelta(days=1)
    sold = (
        lines.filter(before | now)
        .exclude(currency=Organisation.current().currency)
        .order_by()
        .annotate(key=F("account_id") if key is None else key)
        .values("key", "account_id", "currency", "ordered_on")
        .annotate(base=Sum(units, filter=before & positive, default=0), now=Sum(units, filter=now, default=0))
        # After the sums, so that a rate is looked up for each day and not for each line.
        .annotate(rate=_rate(rates.on_day(OuterRef("currency"), OuterRef("ordered_on"))))
        .annotate(last_rate=_rate(rates.on_day(OuterRef("currency"), last)))
    )
    statement, parameters = sold.query.sql_with_params()
    return MOVED.format(sold=statement), parameters


def moved_units(lines: QuerySet[SalesLine], base: Period, current: Period) -> dict[Any, int]:
    """Return what moved rates added to each account's net revenue, by the key as the database gives it.

    Raises InvalidInput for a currency without a rate.
    """
    statement, parameters = moved_statement(lines, base, current)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    refuse_unknown(min((unknown for _key, _units, unknown in rows if unknown is not None), default=None))
    return {key: int(units) for key, units, _unknown in rows}


def refuse_unknown(currency: str | None) -> None:
    """Raise InvalidInput where a currency has sales on a day without a rate."""
    if currency is not None:
        message = gettext_noop(
            "There are sales lines in %(currency)s on days without a rate, so nothing can be said at constant rates. "
            "Take their import back, give rates under Settings, Exchange rates, and import them again."
        )
        raise InvalidInput("currency_without_rate", message, {"currency": currency}, "rates")


def _rate(found: QuerySet[CurrencyRate]) -> Subquery:
    return Subquery(found.values("rate")[:1])
