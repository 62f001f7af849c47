"""What reports bring to a person's day: one was delivered to her, or somebody outside has opened one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account
from kam.lib import formatting
from kam.users.models import User
from reports.links import url
from reports.models import DeliveredReport, Report, ShareLink
from reports.queries.today_items import Item

FRESH, KEPT = timedelta(days=3), timedelta(days=30)


def opened_reports(user: User, mine: Any, now: datetime) -> Iterator[Item]:
    """Yield the links that people opened in the last days, newest first; one query."""
    concerned = Q(created_by=user) | Q(report__account__in=mine.order_by().values("pk"))
    links = ShareLink.objects.visible_to(user).with_openings().select_related("report__account")
    found = links.filter(concerned, last_opened_at__gt=now - FRESH).order_by("-last_opened_at")
    for link in found[:20]:
        account: Account | None = link.report.account
        words = {"name": link.recipient, "moment": formatting.moment(link.last_opened_at)}
        yield Item(
            icon="report",
            title=_("Talk about the report"),
            reason=_("The address for %(name)s was opened on %(moment)s; it may have been passed on") % words,
            action=_("See report"),
            action_url=url("reports:share", pk=link.report_id),
            account=account,
            due=formatting.days_from_now(link.last_opened_at),
            weight=10.0 + (10 if account and account.is_key else 0),
        )


def delivered_reports(user: User, now: datetime) -> Iterator[Item]:
    """Yield the reports that came by a rhythm and that the person has not opened yet; one query."""
    readable = Report.objects.built().visible_to(user).order_by().values("pk")
    copies = user.delivered_reports.filter(
        seen_at__isnull=True, delivered_at__gt=now - KEPT, delivery__report__in=readable
    ).select_related("delivery__report__account", "delivery__schedule")
    copy: DeliveredReport
    for copy in copies.order_by("-delivered_at")[:20]:
        report = copy.delivery.report
        if report is None:
            continue
        words = {"day": formatting.date(report.as_of), "rhythm": copy.delivery.schedule.get_rhythm_display()}
        yield Item(
            icon="report",
            title=report.title,
            reason=_("As of %(day)s, %(rhythm)s") % words,
            action=_("Read report"),
            action_url=url("reports:detail", pk=report.pk),
            account=report.account,
            due=formatting.days_from_now(copy.delivered_at),
            weight=15.0,
        )
