"""Retention of the whole portfolio, computed by the database: one statement for any number of accounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from accounts.amounts import Units, from_units
from accounts.models import Account, AccountMonth, SalesLine, SalesOrder
from accounts.windows import parse_basis
from goals.constant_rates import AS_BOOKED, Statement, moved_statement, parse_rates, refuse_unknown
from goals.periods import Period
from goals.retention import Retention
from kam.lib.errors import InvalidInput

LEVELS = ("account", "parent")
BOOKED = "SELECT base, now, NULL AS unknown FROM ({pairs}) AS booked"
RESTATED = """
    SELECT booked.base, booked.now - COALESCE(moved.units, 0) AS now, moved.unknown
    FROM ({pairs}) AS booked LEFT JOIN ({moved}) AS moved ON moved.key = booked.key
"""
# members, retained; base, kept, gained, gone, fresh; a currency without a rate
SUMS = """
    SELECT COUNT(CASE WHEN base > 0 THEN 1 END), COUNT(CASE WHEN base > 0 AND now > 0 THEN 1 END),
        COALESCE(SUM(CASE WHEN base > 0 THEN base END), 0),
        COALESCE(SUM(CASE WHEN base > 0 AND now < base THEN now WHEN base > 0 THEN base END), 0),
        COALESCE(SUM(CASE WHEN base > 0 AND now > base THEN now - base END), 0),
        COALESCE(SUM(CASE WHEN base > 0 AND now <= 0 THEN base - now END), 0),
        COALESCE(SUM(CASE WHEN base <= 0 THEN now END), 0),
        MIN(unknown)
    FROM ({pairs}) AS pairs
"""


@dataclass(frozen=True, slots=True)
class CohortQuestion:
    """Who was a customer in ``base``, and what became of them in ``current``; what is netted against what."""

    base: Period
    current: Period
    basis: str = "net"
    level: str = "account"
    rates: str = AS_BOOKED

    def check(self) -> None:
        """Raise InvalidInput for an empty period, periods that overlap, or an unknown basis, level or rates."""
        parse_basis(self.basis)
        parse_rates(self.rates)
        if self.level not in LEVELS:
            raise InvalidInput(
                "bad_level", gettext_noop("The level is “account” or “parent”."), field="level"
            )
        for period, field in ((self.base, "base_to"), (self.current, "to")):
            if period.end <= period.start:
                message = gettext_noop(
                    "The period begins before it ends; the last day itself is not part of it."
                )
                raise InvalidInput("bad_period", message, field=field)
        if self.current.start < self.base.end:
            message = gettext_noop("The second period begins when the base period has ended.")
            raise InvalidInput("periods_overlap", message, field="from")


def portfolio_retention(question: CohortQuestion, user: Any) -> Retention:
    """Return the retention of the accounts that ``user`` sees, as goals.retention.retention would of their pairs.

    Raises InvalidInput where constant rates are asked for and a currency has none.
    """
    question.check()
    pairs, parameters = _pairs(question, user)
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(pairs=pairs), parameters)
        *counted, unknown = cursor.fetchone()
    refuse_unknown(unknown)
    members, retained = counted[:2]
    base, kept, gained, gone, fresh = (from_units(int(units)) for units in counted[2:])
    return Retention(
        base_accounts=members,
        base_revenue=base,
        current_revenue=kept + gained + fresh,
        churned=gone,
        contraction=base - kept - gone,
        expansion=gained,
        new=fresh,
        retained_accounts=retained,
        nrr=_rate(kept + gained, base),
        grr=_rate(kept, base),
        logo_retention=_rate(Decimal(retained), Decimal(members)),
        growth=_rate(kept + gained + fresh - base, base),
    )


def _pairs(question: CohortQuestion, user: Any) -> Statement:
    """Return SQL with one row (base, now, unknown) a member, in ten-thousandths of the currency."""
    pairs, parameters = _booked(question, user).query.sql_with_params()
    if question.rates == AS_BOOKED:
        return BOOKED.format(pairs=pairs), parameters
    lines = SalesLine.objects.visible_to(user)
    moved, more = moved_statement(
        lines, question.base, question.current, basis=question.basis, key=_key(question)
    )
    return RESTATED.format(pairs=pairs, moved=moved), (*parameters, *more)


def _booked(question: CohortQuestion, user: Any) -> QuerySet[Any]:
    """Return one row (key, base, now) a member, each amount at the rate of its day."""
    periods = (question.base, question.current)
    # Whole months are in the smaller roll-up.
    whole = all(day.day == 1 for period in periods for day in (period.start, period.end))
    rows: QuerySet[Any] = AccountMonth.objects.all() if whole else SalesOrder.objects.all()
    day = "month" if whole else "ordered_on"
    base, current = (_within(day, period.start, period.end) for period in periods)
    rows = rows.filter(_within(day, question.base.start, question.current.end))
    if not user.sees_everything:
        rows = rows.filter(account__in=Account.objects.visible_to(user).order_by().values("pk"))
    units = Units(F(question.basis))
    return (
        rows.order_by()
        .annotate(key=_key(question))
        .values("key")
        .annotate(base=Sum(units, filter=base, default=0), now=Sum(units, filter=current, default=0))
    )


def _key(question: CohortQuestion) -> Any:
    if question.level == "parent":
        return Coalesce("account__ultimate_parent_id", "account_id")
    return F("account_id")


def _within(column: str, start: date, end: date) -> Q:
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


def _rate(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole > 0 else None
