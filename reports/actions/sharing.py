"""Sharing an approved report by a secret link, revoking the link, noting that somebody opened it."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import AccountStatus
from kam.lib.errors import DomainError, InvalidInput
from kam.users.models import User
from reports.models import Report, ShareLink, ShareOpening
from reports.models.share import DEFAULT_DAYS, MAX_DAYS, SHORTEST_PASSWORD, hash_token

MOST_LINKS = 50
# Who reloads a page has not read it twice; and no link fills the table.
ONCE_IN, MOST_A_DAY = timedelta(minutes=10), 50


@transaction.atomic
def share_report(
    report: Report, *, recipient: str, days: int = DEFAULT_DAYS, password: str = "", by: User
) -> tuple[ShareLink, str]:
    """Return a new link and its token, which is shown this once and stored nowhere.

    Raises DomainError unless the report is approved as it stands, InvalidInput for a life outside 1 to 365 days,
    a short password or nobody to share with.
    """
    _check_report(report)
    recipient = " ".join(recipient.split())[:120]
    if not recipient:
        raise InvalidInput("no_recipient", gettext_noop("Say for whom the link is."), field="recipient")
    if not 1 <= days <= MAX_DAYS:
        message = gettext_noop("A link is valid for 1 to %(max)s days.")
        raise InvalidInput("bad_life", message, {"max": MAX_DAYS}, "days")
    if password and len(password) < SHORTEST_PASSWORD:
        message = gettext_noop("The password needs at least %(count)s characters.")
        raise InvalidInput("short_password", message, {"count": SHORTEST_PASSWORD}, "password")
    if report.links.live(timezone.now()).count() >= MOST_LINKS:  # type: ignore[attr-defined]  # the related manager is made at run time
        raise DomainError("too_many_links", gettext_noop("Revoke a link first: there are too many."))
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        report=report,
        recipient=recipient,
        token_hash=hash_token(token),
        password_hash=make_password(password) if password else "",
        expires_at=timezone.now() + timedelta(days=days),
        created_by=by,
    )
    details = {"recipient": recipient, "until": link.expires_at, "password": bool(password)}
    record("report.shared", by=by, account=report.account, subject=report, **details)
    return link, token


def _check_report(report: Report) -> None:
    if report.audience != Report.Audience.CUSTOMER:
        message = gettext_noop("Only the version for the customer can be shared.")
        raise DomainError("report_is_internal", message)
    if not report.is_approved:
        message = gettext_noop("Approve the report first: nothing leaves the house that nobody has approved.")
        raise DomainError("report_not_approved", message)
    if report.account is not None and report.account.status == AccountStatus.INACTIVE:
        message = gettext_noop("The account is inactive: its reports are not shared any more.")
        raise DomainError("account_inactive", message)


@transaction.atomic
def revoke_link(link: ShareLink, *, by: User) -> ShareLink:
    """End a link; the next request with it finds nothing."""
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at", "updated_at"])
        report = link.report
        record("report.link_revoked", by=by, account=report.account, subject=report, recipient=link.recipient)
    return link


@transaction.atomic
def note_opening(
    link: ShareLink, kind: str, agent: str, is_machine: bool, now: datetime | None = None
) -> ShareOpening | None:
    """Note that somebody opened the page or the PDF, unless it was noted a moment ago.

    The timeline tells of the first person a day; programs stand in the log alone.
    """
    now = now or timezone.now()
    today = link.openings.filter(opened_at__gt=now - timedelta(days=1))
    same = today.filter(kind=kind, agent=agent, opened_at__gt=now - ONCE_IN)
    if same.exists() or today.count() >= MOST_A_DAY:
        return None
    first = not is_machine and not today.filter(is_machine=False).exists()
    opening: ShareOpening = link.openings.create(
        kind=kind, agent=agent[:40], is_machine=is_machine, opened_at=now
    )
    if first:
        report = link.report
        record("report.opened", by=None, account=report.account, subject=report, recipient=link.recipient)
    return opening
