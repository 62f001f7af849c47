"""How the revenue is spread over the accounts that a person may see."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connections
from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext, gettext_noop
from numpy.typing import NDArray

from accounts.amounts import PER_ONE, Units, from_units
from accounts.concentration import Concentration, concentration
from accounts.models import Account, AccountMonth, SalesOrder
from accounts.windows import parse_basis
from kam.lib.errors import InvalidInput

LEVELS = ("account", "parent")
ABC = (0.8, 0.95)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the half-open period (None: open), gross or net, single accounts or whole groups."""

    start: date | None = None
    end: date | None = None
    basis: str = "net"
    level: str = "account"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Who has revenue in the period, largest first; ``units`` are ten-thousandths of the currency.

    Gross holds accounts with a positive line, net all accounts with any line, so that an account whose
    reversals ate everything is still seen.
    """

    question: Question
    keys: list[Any]
    units: NDArray[np.int64]

    @property
    def total(self) -> Decimal:
        return from_units(int(self.units.sum()))

    @property
    def amounts(self) -> NDArray[np.float64]:
        return self.units / PER_ONE

    def concentration(self) -> Concentration:
        return concentration(self.amounts)


@dataclass(frozen=True, slots=True)
class Holder:
    """One line of the ranking. ``account_id`` is None for a group whose top the reader may not see.

    ``share`` and ``cumulated`` are of the total, None where that is not positive; ``abc`` is A up to and with
    the account that crosses 80 % of the revenue, B up to 95 %, then C.
    """

    rank: int
    account_id: UUID | None
    external_id: str
    name: str
    revenue: Decimal
    share: float | None
    cumulated: float | None
    abc: str


def parse_level(text: str) -> str:
    """Return ``account`` or ``parent``; raises InvalidInput("bad_level")."""
    if text not in LEVELS:
        raise InvalidInput("bad_level", gettext_noop("The level is “account” or “parent”."), field="level")
    return text


def portfolio(user: Any, question: Question) -> Portfolio:
    """Return what the accounts visible to ``user`` brought, in one query.

    Raises InvalidInput for an unknown basis or level.
    """
    sums = _sums(user, question).order_by("-units", "key")
    found = _fetched(sums)
    return Portfolio(question, [row[0] for row in found], np.array([row[1] for row in found], dtype=np.int64))


def amounts_by_key(user: Any, question: Question) -> dict[Any, int]:
    """Return {key: units} of the same accounts in no order, for whoever only compares. Raises as ``portfolio``."""
    return dict(_fetched(_sums(user, question).order_by()))


def _sums(user: Any, question: Question) -> QuerySet[Any]:
    basis, by_group = parse_basis(question.basis), parse_level(question.level) == "parent"
    rows = _rows(question)
    if basis == "gross":
        rows = rows.filter(lines__gt=0)
    if not user.sees_everything:
        rows = rows.filter(account__in=Account.objects.visible_to(user).order_by().values("pk"))
    key = Coalesce("account__ultimate_parent_id", "account_id") if by_group else F("account_id")
    return (
        rows.order_by()
        .annotate(key=key)
        .values("key")
        .annotate(units=Cast(Sum(Units(F(basis))), BigIntegerField()))
        .values_list("key", "units")
    )


def _fetched(sums: QuerySet[Any]) -> list[Any]:
    """Past the ORM's row converters: of all the keys only those that are shown become UUIDs."""
    with connections[sums.db].cursor() as cursor:
        cursor.execute(*sums.query.sql_with_params())
        return cursor.fetchall()


def holders(user: Any, of: Portfolio, first: int = 0, count: int = 10) -> list[Holder]:
    """Return a stretch of the ranking with names, in two queries."""
    keys = [UUID(str(key)) for key in of.keys[first : first + count]]
    accounts = Account.objects.visible_to(user).prefetch_related("references").in_bulk(keys)
    running = int(of.units[:first].sum())
    found = []
    for place, key in enumerate(keys, start=first):
        found.append(_holder(of, place, running, accounts.get(key)))
        running += int(of.units[place])
    return found


def _holder(of: Portfolio, place: int, before: int, account: Account | None) -> Holder:
    """Return the line at ``place`` (from 0), with ``before`` the units of everybody above it."""
    total, units = int(of.units.sum()), int(of.units[place])
    shares = [part / total if total > 0 else None for part in (before, units, before + units)]
    references = sorted(account.references.all(), key=lambda reference: reference.pk) if account else []
    return Holder(
        rank=place + 1,
        account_id=account.pk if account else None,
        external_id=references[0].external_id if references else "",
        name=account.display_name if account else gettext("Group outside your accounts"),
        revenue=from_units(units),
        share=shares[1],
        cumulated=shares[2],
        abc=_abc(shares[0]),
    )


def _abc(before: float | None) -> str:
    if before is None:
        return ""
    return "A" if before < ABC[0] else "B" if before < ABC[1] else "C"


def _rows(question: Question) -> QuerySet[Any]:
    """Return the smallest roll-up that can answer for the period: months when it begins and ends with one."""
    start, end = question.start, question.end
    whole = (start is None or start.day == 1) and (end is None or end.day == 1)
    rows: QuerySet[Any] = AccountMonth.objects.all() if whole else SalesOrder.objects.all()
    column = "month" if whole else "ordered_on"
    period = Q()
    if start:
        period &= Q(**{f"{column}__gte": start})
    if end:
        period &= Q(**{f"{column}__lt": end})
    return rows.filter(period)
