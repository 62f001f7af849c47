"""Retention of the whole portfolio, computed by the database: one statement for any number of accounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from accounts.amounts import Units, from_units
from accounts.models import Account, AccountMonth, SalesOrder
from accounts.windows import parse_basis
from goals.periods import Period
from goals.retention import Retention
from kam.lib.errors import InvalidInput

LEVELS = ("account", "parent")


@dataclass(frozen=True, slots=True)
class CohortQuestion:
    """Who was a customer in ``base``, and what became of them in ``current``; what is netted against what."""

    base: Period
    current: Period
    basis: str = "net"
    level: str = "account"

    def check(self) -> None:
        """Raise InvalidInput for an empty period, periods that overlap, or an unknown basis or level."""
        parse_basis(self.basis)
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
    """Return the retention of the accounts that ``user`` sees, as goals.retention.retention would of their pairs."""
    question.check()
    sums = _pairs(question, user).aggregate(
        members=Count("key", filter=Q(base__gt=0)),
        retained=Count("key", filter=Q(base__gt=0, now__gt=0)),
        base_sum=Sum("base", filter=Q(base__gt=0), default=0),
        kept=Sum(Case(When(now__lt=F("base"), then="now"), default="base"), filter=Q(base__gt=0), default=0),
        gained=Sum(F("now") - F("base"), filter=Q(base__gt=0, now__gt=F("base")), default=0),
        gone=Sum(F("base") - F("now"), filter=Q(base__gt=0, now__lte=0), default=0),
        fresh=Sum("now", filter=Q(base__lte=0), default=0),
    )
    base, kept, gained, gone, fresh = (
        from_units(int(sums[name])) for name in ("base_sum", "kept", "gained", "gone", "fresh")
    )
    return Retention(
        base_accounts=sums["members"],
        base_revenue=base,
        current_revenue=kept + gained + fresh,
        churned=gone,
        contraction=base - kept - gone,
        expansion=gained,
        new=fresh,
        retained_accounts=sums["retained"],
        nrr=_rate(kept + gained, base),
        grr=_rate(kept, base),
        logo_retention=_rate(Decimal(sums["retained"]), Decimal(sums["members"])),
        growth=_rate(kept + gained + fresh - base, base),
    )


def _pairs(question: CohortQuestion, user: Any) -> QuerySet[Any]:
    """Return one row (key, base, now) a member, in ten-thousandths of the currency."""
    periods = (question.base, question.current)
    # Whole months are in the smaller roll-up.
    whole = all(day.day == 1 for period in periods for day in (period.start, period.end))
    rows: QuerySet[Any] = AccountMonth.objects.all() if whole else SalesOrder.objects.all()
    day = "month" if whole else "ordered_on"
    base, current = (_within(day, period.start, period.end) for period in periods)
    rows = rows.filter(_within(day, question.base.start, question.current.end))
    if not user.sees_everything:
        rows = rows.filter(account__in=Account.objects.visible_to(user).order_by().values("pk"))
    key = (
        Coalesce("account__ultimate_parent_id", "account_id")
        if question.level == "parent"
        else F("account_id")
    )
    units = Units(F(question.basis))
    return (
        rows.order_by()
        .annotate(key=key)
        .values("key")
        .annotate(base=Sum(units, filter=base, default=0), now=Sum(units, filter=current, default=0))
    )


def _within(column: str, start: date, end: date) -> Q:
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


def _rate(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole > 0 else None
