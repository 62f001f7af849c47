"""What is to come and wants somebody today: contracts, opportunities whose day has passed, exhausted volume."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account, Task
from goals.ahead import key_of, saturation_words
from goals.contracts import contract_rows
from goals.models import BetaParticipation, Contract, Goal, Opportunity
from goals.renewals import HORIZON
from goals.saturated import saturated_accounts
from goals.work import work_without_goal
from kam.lib import formatting
from kam.users.models import User
from reports.links import url
from reports.queries.today_items import Item

A_YEAR = 366
SHOWN = 20
ANSWER_AFTER, FEEDBACK_AFTER = timedelta(days=14), timedelta(days=30)


def contracts(mine: QuerySet[Account], today: date) -> list[Item]:
    """Return contracts that end, or that can still be given notice, and that nobody acts on; four queries."""
    near = Q(end_on__lte=today + timedelta(days=HORIZON + A_YEAR)) | Q(notice_days__gt=A_YEAR)
    found = Contract.objects.running(today).filter(near, account__in=mine.order_by().values("pk"))
    rows = [row for row in contract_rows(found.with_rows(), today) if row.renewal.state in ("notice", "ends")]  # type: ignore[attr-defined]  # the stubs know filter() of the base
    keys = {row.contract.pk: key_of("renewal", row.contract.account, row.contract.pk) for row in rows}
    acted = _acted_on(keys.values())
    return [_contract(row) for row in rows if keys[row.contract.pk] not in acted]


def _contract(row: Any) -> Item:
    account, found = row.contract.account, row.renewal
    day = found.notice_until if found.state == "notice" else found.ends_on
    return Item(
        icon="report",
        title=_("Renew %(name)s") % {"name": row.contract},
        reason=row.words,
        action=_("See plan"),
        action_url=f"{url('goals:plan', pk=account.pk)}#ahead",
        account=account,
        due=formatting.short_date(day),
        tone=row.tone,
        weight=(45.0 if row.tone == "neg" else 5.0) + (10 if account.is_key else 0),
    )


def late_opportunities(user: User, mine: QuerySet[Account], today: date) -> Iterator[Item]:
    """Yield open opportunities whose expected day has passed, the largest first; one query."""
    concerned = Q(owner=user) | Q(owner__isnull=True, account__in=mine.order_by().values("pk"))
    rows: Iterable[Opportunity] = Opportunity.objects.visible_to(user).late(today).with_rows()  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
    for row in rows.filter(concerned).order_by("-value", "expected_on")[:SHOWN]:  # type: ignore[attr-defined]  # a queryset
        yield Item(
            icon="euro",
            title=row.title,
            reason=_("Expected on %(day)s and neither won nor lost")
            % {"day": formatting.date(row.expected_on)},
            action=_("See opportunity"),
            action_url=url("goals:entry_edit", kind="opportunities", pk=row.pk),
            account=row.account,
            due=formatting.days_from_now(row.expected_on, today),
            weight=12.0 + (10 if row.account.is_key else 0),
        )


def exhausted(mine: QuerySet[Account], today: date) -> Iterator[Item]:
    """Yield accounts that buy nearly all they need from us and that nobody acts on; six queries at most."""
    rows = saturated_accounts(mine, today)
    keys = {row.account.pk: key_of("saturation", row.account, "") for row in rows}
    acted = _acted_on(keys.values())
    for row in rows[:SHOWN]:
        if keys[row.account.pk] in acted:
            continue
        yield Item(
            icon="trend",
            title=saturation_words()[0],
            reason=_("We have %(share)s of what the customer spends, and units are still up")
            % {"share": formatting.percent(row.share, 0)},
            action=_("See plan"),
            action_url=f"{url('goals:plan', pk=row.account.pk)}#ahead",
            account=row.account,
            weight=3.0,
        )


def beta_answers(user: User, mine: QuerySet[Account], today: date) -> Iterator[Item]:
    """Yield invitations without an answer, and accounts that take part and say nothing; two queries."""
    concerned = Q(programme__owner=user) | Q(account__in=mine.order_by().values("pk"))
    seen = BetaParticipation.objects.visible_to(user).filter(concerned, programme__closed_at__isnull=True)
    waiting = seen.unanswered(today - ANSWER_AFTER).with_rows()  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
    for row in waiting.order_by("invited_on")[:SHOWN]:
        words = {"name": row.programme, "day": formatting.date(row.invited_on)}
        reason = _("Invited to “%(name)s” on %(day)s, no answer yet") % words
        yield _beta(row, _("Ask for the answer to an invitation"), reason)
    silent = seen.silent(today - FEEDBACK_AFTER).with_rows()  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
    for row in silent.order_by("consent_on")[:SHOWN]:
        words = {"name": row.programme, "days": FEEDBACK_AFTER.days}
        reason = _("Takes part in “%(name)s”, no feedback for %(days)s days") % words
        yield _beta(row, _("Ask for feedback"), reason)


def _beta(row: Any, title: str, reason: str) -> Item:
    return Item(
        icon="goal",
        title=title,
        reason=reason,
        action=_("See participation"),
        action_url=url("goals:participation", pk=row.pk),
        account=row.account,
        weight=8.0 + (10 if row.account.is_key else 0),
    )


def idle_goals(user: User, mine: QuerySet[Account]) -> Iterator[Item]:
    """Yield one line for own goals that nobody did anything for, and one for own work that served none; two queries."""
    concerned = Q(owner=user) | Q(owner__isnull=True, account__in=mine.order_by().values("pk"))
    idle = Goal.objects.visible_to(user).idle().filter(concerned).count()  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
    if idle:
        yield Item(
            icon="goal",
            title=ngettext("%(count)d goal without work", "%(count)d goals without work", idle)
            % {"count": idle},
            reason=_("Nobody logged, measured or ticked anything for 30 days"),
            action=_("See goals"),
            action_url=f"{url('goals:list')}?idle=true&owner=me",
            weight=2.0,
        )
    loose = work_without_goal(user).filter(actor=user).count()
    if loose:
        words = ngettext("%(count)d entry serves no goal", "%(count)d entries serve no goal", loose)
        yield Item(
            icon="note",
            title=words % {"count": loose},
            reason=_("You logged it in the last 30 days at accounts with open goals"),
            action=_("Link work"),
            action_url=f"{url('goals:work')}?mine=true",
            weight=1.0,
        )


def _acted_on(keys: Iterable[str]) -> set[str | None]:
    """Return the keys that an open task, goal or opportunity carries."""
    wanted = list(keys)
    if not wanted:
        return set()
    tables = (Task.objects.open(), Goal.objects.open(), Opportunity.objects.open())
    return {key for rows in tables for key in rows.filter(key__in=wanted).values_list("key", flat=True)}
