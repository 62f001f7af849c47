"""What an account may need next, as one list: why we think so, by when, and what has been made of it already."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.arithmetic import CannotCompute
from accounts.gaps import Gaps
from accounts.models import Account, Offering, Task
from goals.anticipation import candidates, rhythm
from goals.beta import fits
from goals.contracts import contract_rows
from goals.models import BetaProgramme, Goal, Opportunity
from goals.saturated import saturated_accounts
from kam.lib import formatting

KINDS = {
    "renewal": gettext_lazy("Contract"),
    "order": gettext_lazy("Next order"),
    "saturation": gettext_lazy("Volume exhausted"),
    "beta": gettext_lazy("Beta programme"),
    "cross-sell": gettext_lazy("Other offering"),
}
# What each kind is about, where it is no offering.
FIELDS = {"renewal": "contract", "beta": "programme"}
# The offerings that stay away longest; a customer who leaves would fill the page otherwise.
MOST_ORDERS = 5
MOST_TESTS = 5
SOON, QUARTER, HALF_A_YEAR = timedelta(days=30), timedelta(days=91), timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Anticipation:
    """One thing to come. ``about`` is the offering or contract; ``made`` the open task, goal or opportunity."""

    kind: str
    about: str
    title: str
    why: str
    due: date
    key: str
    value: Decimal | None = None
    urgent: bool = False
    made: Task | Goal | Opportunity | None = None

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def field(self) -> str:
        """The name under which a form says what it is about."""
        return FIELDS.get(self.kind, "offering")

    @property
    def made_is(self) -> str:
        return self.made._meta.model_name or "" if self.made else ""


def key_of(kind: str, account: Account, about: Any) -> str:
    """Return the key that lets one reason become one task, goal or opportunity."""
    return f"{kind}:{account.pk}:{about or 'all'}"


def anticipations(account: Account, today: date, currency: str) -> list[Anticipation]:
    """Return what an account may need next, contracts first, in a fixed number of queries."""
    found = [
        *_renewals(account, today),
        *_orders(account, today),
        *_exhausted(account, today),
        *_tests(account, today, currency),
        *_offers(account, today, currency),
    ]
    return _with_made(found)


def _renewals(account: Account, today: date) -> list[Anticipation]:
    rows = contract_rows(account.contracts.running(today), today)
    return [
        Anticipation(
            "renewal",
            str(row.contract.pk),
            _("Renew %(name)s") % {"name": row.contract},
            row.words,
            row.renewal.notice_until if row.renewal.state == "notice" else row.renewal.ends_on,  # type: ignore[arg-type]  # notice has a day
            key_of("renewal", account, row.contract.pk),
            row.contract.value,
            urgent=row.tone == "neg",
        )
        for row in rows
        if row.renewal.wants_attention
    ]


def _orders(account: Account, today: date) -> list[Anticipation]:
    gaps = rhythm(account, today)
    overdue = [(pk, found) for pk, found in gaps.items() if pk and found.overdue]
    worst = sorted(overdue, key=lambda each: (-_lateness(each[1]), str(each[0])))
    late = dict(worst[:MOST_ORDERS])
    offerings = Offering.objects.in_bulk(list(late))
    rows = [_order(account, offerings.get(pk), found, today) for pk, found in late.items()]
    whole = gaps.get(None)
    if not rows and whole is not None and whole.overdue:
        rows = [_order(account, None, whole, today)]
    return rows


def _lateness(gaps: Gaps) -> float:
    """Days overdue in terms of the offering's own rhythm: late by four gaps before late by half of one."""
    return (gaps.overdue_days or 0.0) / (gaps.median or 1.0)


def _order(account: Account, offering: Offering | None, gaps: Gaps, today: date) -> Anticipation:
    title, why = order_words(offering, gaps.expected_on)
    about = str(offering.pk) if offering else ""
    return Anticipation("order", about, title, why, today + SOON, key_of("order", account, about))


def order_words(offering: Offering | None, expected_on: date | None) -> tuple[str, str]:
    """Return title and reason of an order that stays away."""
    title = (
        _("Ask about the next order of %(name)s") % {"name": offering}
        if offering
        else _("Ask for the next order")
    )
    if expected_on is None:
        return title, ""
    return title, _("By its own rhythm the next order was expected on %(day)s.") % {
        "day": formatting.date(expected_on)
    }


def _exhausted(account: Account, today: date) -> list[Anticipation]:
    return [
        Anticipation(
            "saturation",
            "",
            saturation_words()[0],
            _(
                "We have %(share)s of what the customer spends, and units are still up: hardly any volume is left."
            )
            % {"share": formatting.percent(row.share, 0)},
            today + HALF_A_YEAR,
            key_of("saturation", account, ""),
        )
        for row in saturated_accounts(Account.objects.filter(pk=account.pk), today)
    ]


def saturation_words() -> tuple[str, str]:
    """Return title and reason where volume is exhausted."""
    return _("Propose larger orders, a new offering or a beta test"), _(
        "Units are still up, but the share of wallet is at its ceiling."
    )


def _tests(account: Account, today: date, currency: str) -> list[Anticipation]:
    """Open programmes with a place left that the account fits in every condition and is not in yet."""
    open_now = BetaProgramme.objects.open(today).exclude(participations__account=account)  # type: ignore[attr-defined]  # the stubs know exclude() of the base
    found = []
    for programme in open_now.with_rows().with_counts()[:MOST_TESTS]:
        row = fits(programme, [account], today, currency)[0]
        full = programme.places is not None and programme.taking >= programme.places
        if row.fit.asked and row.fit.share == 1 and not row.burden and not full:
            found.append(_test(account, programme, row.sentence))
    return found


def _test(account: Account, programme: BetaProgramme, why: str) -> Anticipation:
    title = _("Invite to the beta programme %(name)s") % {"name": programme}
    reason = _("It is what the programme is meant for: %(why)s.") % {"why": why}
    key = key_of("beta", account, programme.pk)
    return Anticipation("beta", str(programme.pk), title, reason, programme.ends_on, key)


def _offers(account: Account, today: date, currency: str) -> list[Anticipation]:
    try:
        rows = candidates(account, today)
    except CannotCompute:
        return []
    return [
        Anticipation(
            "cross-sell",
            str(row.offering.pk),
            _("Offer %(name)s") % {"name": row.offering},
            _("%(buyers)s of %(peers)s comparable accounts buy it, here for about %(value)s a year.")
            % {
                "buyers": row.found.buyers,
                "peers": row.found.peers,
                "value": formatting.money_short(row.found.value, currency),
            },
            today + QUARTER,
            key_of("cross-sell", account, row.offering.pk),
            Decimal(round(row.found.value)),
        )
        for row in rows
    ]


def _with_made(found: list[Anticipation]) -> list[Anticipation]:
    """Add the open task, goal or opportunity that each has become; three queries."""
    keys = [row.key for row in found]
    if not keys:
        return []
    made: dict[str | None, Any] = {}
    for rows in (Task.objects.open(), Goal.objects.open(), Opportunity.objects.open()):
        made |= {row.key: row for row in rows.filter(key__in=keys)}
    return [replace(row, made=made.get(row.key)) for row in found]
