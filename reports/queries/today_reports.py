"""What reports bring to a person's day: somebody outside has opened one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account
from kam.lib import formatting
from kam.users.models import User
from reports.links import url
from reports.models import ShareLink
from reports.queries.today_items import Item

FRESH = timedelta(days=3)


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
