"""Search over everything a person sees: accounts, people, what is planned with them, reports, offerings and pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Account, Contact, Offering
from goals.models import BetaProgramme, Contract, Goal, Opportunity
from kam.lib import formatting
from kam.lib.navigation import ADMIN, PROGRAM, SETTINGS, WORK
from kam.lib.text import fold
from kam.users.models import User
from reports.links import url
from reports.models import Report

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: where it is, what it is called, what distinguishes it."""

    icon: str
    label: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; ``more`` says that there are further ones."""

    title: str
    hits: list[Hit]
    more: bool
    all_url: str = ""


def search(user: User, text: str, limit: int = 8) -> list[Group]:
    """Return what the words of ``text`` find, at most ``limit`` of each kind.

    One query for each kind, two for accounts. Words are folded: "mueller" finds Müller. Nothing is found that the
    person does not see elsewhere.
    """
    wanted = " ".join(text[:LONGEST].split())
    if not wanted:
        return []
    groups = [find(user, wanted, limit) for find in _FINDERS]
    return [group for group in groups if group.hits]


def _group(
    title: str, rows: Iterable[Any], limit: int, hit: Callable[[Any], Hit], all_url: str = ""
) -> Group:
    hits = [hit(row) for row in rows]
    return Group(title, hits[:limit], len(hits) > limit, all_url)


def _accounts(user: User, text: str, limit: int) -> Group:
    found = Account.objects.visible_to(user).search(text).with_former_name(text).order_by("sort_key", "id")
    # Who types a name means that account, and not the ones in a city of that name.
    called = list(found.called(text)[: limit + 1])
    others = found.exclude(pk__in=[account.pk for account in called])[: limit + 1]
    rows = [*called, *others][: limit + 1]

    def hit(account: Any) -> Hit:
        former = account.former_name and _("formerly %(name)s") % {"name": account.former_name}
        note = " · ".join(filter(None, [former, account.city, account.get_status_display()]))
        return Hit("accounts", account.display_name, note, url("accounts:detail", pk=account.pk))

    return _group(_("Accounts"), rows, limit, hit, url("accounts:list"))


def _contacts(user: User, text: str, limit: int) -> Group:
    found = Contact.objects.current().search(text).visible_to(user)
    rows = found.select_related("account").order_by("sort_key", "id")[: limit + 1]

    def hit(contact: Contact) -> Hit:
        note = " · ".join(filter(None, [contact.job_title, contact.account.display_name]))
        page = url("accounts:contacts", pk=contact.account_id) or url(
            "accounts:detail", pk=contact.account_id
        )
        return Hit("user", str(contact), note, page)

    return _group(_("Contacts"), rows, limit, hit)


def _offerings(user: User, text: str, limit: int) -> Group:
    rows = Offering.objects.visible_to(user).search(text).order_by("code")[: limit + 1]

    def hit(offering: Offering) -> Hit:
        return Hit(
            "table", offering.name or offering.code, offering.code, url("offerings:detail", pk=offering.pk)
        )

    return _group(_("Offerings"), rows, limit, hit, url("offerings:list"))


def _goals(user: User, text: str, limit: int) -> Group:
    found = Goal.objects.open().search(text).visible_to(user)
    rows = found.select_related("account").order_by("due_on", "id")[: limit + 1]

    def hit(goal: Goal) -> Hit:
        return Hit("goal", goal.title, goal.account.display_name, url("goals:detail", pk=goal.pk))

    return _group(_("Goals"), rows, limit, hit, url("goals:list"))


def _opportunities(user: User, text: str, limit: int) -> Group:
    found = Opportunity.objects.search(text).visible_to(user).select_related("account")
    # What is open is looked for more often than what was won or lost long ago.
    rows = found.order_by(F("closed_on").desc(nulls_first=True), "expected_on", "id")[: limit + 1]

    def hit(row: Opportunity) -> Hit:
        note = f"{row.account.display_name} · {row.get_stage_display()}"
        return Hit("euro", row.title, note, _in_plan(row, "opportunities"))

    return _group(_("Opportunities"), rows, limit, hit, url("goals:opportunities"))


def _contracts(user: User, text: str, limit: int) -> Group:
    found = Contract.objects.search(text).visible_to(user).select_related("account")
    rows = found.order_by("-end_on", "id")[: limit + 1]

    def hit(row: Contract) -> Hit:
        until = _("until %(day)s") % {"day": formatting.date(row.end_on)}
        return Hit("report", row.title, f"{row.account.display_name} · {until}", _in_plan(row, "contracts"))

    return _group(_("Contracts"), rows, limit, hit, url("goals:contracts"))


def _in_plan(row: Any, block: str) -> str:
    page = url("goals:plan", pk=row.account_id)
    return f"{page}#{block}-title" if page else ""


def _betas(user: User, text: str, limit: int) -> Group:
    found = BetaProgramme.objects.visible_to(user).search(text).select_related("offering")
    rows = found.order_by("-ends_on", "id")[: limit + 1]

    def hit(row: BetaProgramme) -> Hit:
        until = _("until %(day)s") % {"day": formatting.date(row.ends_on)}
        note = f"{row.offering} · {until}" if row.offering else until
        return Hit("signal", row.name, note, url("goals:beta", pk=row.pk))

    return _group(_("Beta programmes"), rows, limit, hit, url("goals:betas"))


def _reports(user: User, text: str, limit: int) -> Group:
    found = Report.objects.built().visible_to(user).defer("snapshot")
    for word in text.split():
        found = found.filter(title__icontains=word)
    rows = found.order_by("-as_of", "-id")[: limit + 1]

    def hit(report: Report) -> Hit:
        return Hit("report", report.title, report.get_audience_display(), url("reports:detail", pk=report.pk))

    return _group(_("Reports"), rows, limit, hit, url("reports:list"))


def _pages(user: User, text: str, limit: int) -> Group:
    entries = [*WORK, *PROGRAM, *SETTINGS, *(ADMIN if user.is_staff else ())]
    words = fold(text).split()
    hits = [
        Hit(icon, _(label), "", page)
        for name, label, icon in entries
        if (page := url(name)) and all(word in fold(_(label)) for word in words)
    ]
    return Group(_("Pages"), hits, False)


_FINDERS: list[Callable[[User, str, int], Group]] = [
    _accounts,
    _contacts,
    _goals,
    _opportunities,
    _contracts,
    _betas,
    _reports,
    _offerings,
    _pages,
]
