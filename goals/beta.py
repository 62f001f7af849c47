"""Which accounts a beta programme fits, with the reason in words, and how often each has been asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.amounts import Units, from_units
from accounts.models import Account, AccountMonth, SalesLine
from accounts.windows import months_before
from goals.fit import Condition, Customer, Fit, fit
from goals.models import BetaLimits, BetaParticipation, BetaProgramme
from kam.lib import formatting

POOL = 2_000
SHOWN = 20
YEAR = timedelta(days=365)
ASKED = ("invited", "accepted", "finished", "declined", "withdrawn")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account beside how it fits, why in words, and what speaks against asking it (empty: nothing)."""

    account: Account
    fit: Fit
    reasons: list[tuple[bool | None, str]]
    burden: str

    @property
    def sentence(self) -> str:
        return " · ".join(text for _met, text in self.reasons)


def candidates(programme: BetaProgramme, user: Any, today: date, currency: str) -> list[Candidate]:
    """Return the best-fitting accounts that ``user`` sees and that are not in the programme yet; five queries.

    Accounts that miss industry, country or key status are left out at once; of more than 2,000 that are left,
    key accounts come first.
    """
    asked = programme.participations.values("account")
    pool = Account.objects.visible_to(user).active().exclude(pk__in=asked).filter(_attributes(programme))
    accounts = list(pool.order_by(F("key_since").asc(nulls_last=True), "sort_key")[:POOL])
    found = fits(programme, accounts, today, currency)
    best = sorted(found, key=lambda row: (-row.fit.share, not row.account.is_key, row.account.sort_key))
    return best[:SHOWN]


def fits(
    programme: BetaProgramme, accounts: Sequence[Account], today: date, currency: str
) -> list[Candidate]:
    """Return how each account fits the programme, in a fixed number of queries."""
    ids = [account.pk for account in accounts]
    profile, end = programme.profile, today.replace(day=1)
    start = months_before(end, 12)
    revenue = _revenue(ids, start, end) if profile.asks_revenue else {}
    buyers = _buyers(ids, programme, today) if programme.buys_id else set()
    burdens = burdens_of(programme, ids, today)
    found = []
    for account in accounts:
        sold = revenue.get(account.pk, Decimal(0))
        customer = Customer(account.industry, account.country, account.is_key, account.pk in buyers, sold)
        result = fit(profile, customer)
        reasons = [(each.met, _words(each, programme, customer, currency)) for each in result.conditions]
        found.append(Candidate(account, result, reasons, burdens.get(account.pk, "")))
    return found


def _attributes(programme: BetaProgramme) -> Q:
    """Accounts whose industry and country fit or are not known, and that are key accounts where that is asked."""
    profile = programme.profile
    wanted = Q()
    for field, values in (("industry", profile.industries), ("country", profile.countries)):
        if values:
            among = Q(**{field: ""})
            for value in values:
                among |= Q(**{f"{field}__iexact": value})
            wanted &= among
    return wanted & Q(key_since__isnull=False) if profile.key_only else wanted


def _revenue(ids: list[UUID], start: date, end: date) -> dict[UUID, Decimal]:
    rows = AccountMonth.objects.filter(account__in=ids, month__gte=start, month__lt=end).order_by()
    sums = rows.values("account").annotate(units=Sum(Units(F("net")))).values_list("account", "units")
    return {pk: from_units(units) for pk, units in sums}


def _buyers(ids: list[UUID], programme: BetaProgramme, today: date) -> set[UUID]:
    bought = Q(offering=programme.buys_id) | Q(offering__parent=programme.buys_id)
    lines = SalesLine.objects.filter(bought, account__in=ids, amount__gt=0, ordered_on__gt=today - 3 * YEAR)
    return set(lines.order_by().values_list("account", flat=True).distinct())


def _words(found: Condition, programme: BetaProgramme, customer: Customer, currency: str) -> str:
    if found.code == "industry":
        return customer.industry or _("industry not known")
    if found.code == "country":
        return customer.country or _("country not known")
    if found.code == "key":
        return _("key account") if found.met else _("no key account")
    if found.code == "buys":
        words = {"name": programme.buys}
        return _("buys %(name)s") % words if found.met else _("does not buy %(name)s") % words
    return _("%(value)s in twelve months") % {"value": formatting.money_short(customer.revenue, currency)}


def burdens_of(programme: BetaProgramme, ids: Iterable[UUID], today: date) -> dict[UUID, str]:
    """Return, for accounts at the limit, the sentence that says why they should not be asked again; two queries."""
    limits = BetaLimits.current()
    rows = BetaParticipation.objects.filter(account__in=list(ids), state__in=ASKED).exclude(
        programme=programme
    )
    running: dict[UUID, list[BetaParticipation]] = {}
    recent: dict[UUID, int] = {}
    for row in rows.select_related("programme").order_by("programme__ends_on", "pk"):
        runs = row.programme.closed_at is None and row.programme.ends_on >= today
        if row.state in ("invited", "accepted") and runs:
            running.setdefault(row.account_id, []).append(row)
        if row.invited_on and row.invited_on > today - YEAR:
            recent[row.account_id] = recent.get(row.account_id, 0) + 1
    found = {pk: _at_once(asked, limits) for pk, asked in running.items() if len(asked) >= limits.at_once}
    for pk, count in recent.items():
        if count >= limits.per_year:
            found.setdefault(pk, _per_year(count, limits))
    return found


def _at_once(asked: list[BetaParticipation], limits: BetaLimits) -> str:
    words = {"name": asked[0].programme, "day": formatting.date(asked[0].programme.ends_on)}
    words |= {"limit": limits.at_once}
    return _("already in “%(name)s” until %(day)s; at the same time: %(limit)s at most") % words


def _per_year(count: int, limits: BetaLimits) -> str:
    asked = ngettext(
        "asked %(count)s time in twelve months", "asked %(count)s times in twelve months", count
    ) % {"count": count}
    return _("%(asked)s; %(limit)s at most") % {"asked": asked, "limit": limits.per_year}
