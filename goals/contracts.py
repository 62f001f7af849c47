"""Contracts with where they stand today, in words, and the list of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Contract
from goals.renewals import Renewal, renewal
from kam.lib import formatting

PER_PAGE = 50
WITHIN = (90, 180, 365)
TONES = {"notice": "warn", "ends": "warn", "renews": "info", "ended": "out", "running": "", "ahead": ""}
SOON = 14


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract beside where it stands."""

    contract: Contract
    renewal: Renewal

    @property
    def words(self) -> str:
        return renewal_words(self.renewal)

    @property
    def tone(self) -> str:
        left = self.renewal.notice_left
        if self.renewal.state == "notice" and left is not None and left <= SOON:
            return "neg"
        return TONES[self.renewal.state]


def contract_rows(contracts: Iterable[Contract], today: date) -> list[ContractRow]:
    """Return contracts with their standing, what ends first first; what has ended comes last."""
    rows = [ContractRow(contract, renewal(contract.term, today)) for contract in contracts]
    return sorted(
        rows, key=lambda row: (row.renewal.state == "ended", row.renewal.ends_on, str(row.contract.pk))
    )


def renewal_words(found: Renewal) -> str:
    """Return one sentence: when it ends or renews itself, and until when notice can be given."""
    words = {"day": formatting.date(found.ends_on), "days": _days(found.days_left)}
    if found.state == "ended":
        return _("Ended on %(day)s") % words
    if found.state == "ahead":
        return _("Has not begun; runs until %(day)s") % words
    if found.notice_until is None:
        return _("Ends in %(days)s, on %(day)s") % words
    if found.notice_left is not None and found.notice_left >= 0:
        words |= {"until": formatting.date(found.notice_until), "left": _days(found.notice_left)}
        return _("Renews itself in %(days)s; notice is possible until %(until)s (%(left)s)") % words
    return _("Renews itself in %(days)s, on %(day)s; the time for notice is over") % words


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


@dataclass(frozen=True, slots=True)
class ContractListing:
    """One page of contracts, what they are worth a year together, and the days that were asked for."""

    page: Page[ContractRow]
    count: int
    value: Decimal
    within: int | None


def contract_listing(user: Any, query: Mapping[str, str], today: date) -> ContractListing:
    """Return the running contracts that ``user`` sees, the first to end first; ``within`` narrows to days ahead."""
    found = Contract.objects.visible_to(user).running(today).with_rows()  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
    within = int(query["within"]) if query.get("within", "") in {str(days) for days in WITHIN} else None
    if text := query.get("q", "").strip()[:200]:
        found = found.search(text)
    if within is not None:
        found = found.ending_until(today + timedelta(days=within))
    value = found.order_by().aggregate(sum=Sum("value"))["sum"] or Decimal(0)
    # In the order of the ends on record: one that has just renewed itself stands first until the night moves it on.
    page = Paginator(found.order_by("end_on", "id"), PER_PAGE).get_page(query.get("page"))
    page.object_list = [ContractRow(contract, renewal(contract.term, today)) for contract in page.object_list]
    return ContractListing(page, page.paginator.count, value, within)
