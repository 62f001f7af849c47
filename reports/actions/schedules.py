"""Scheduled reports: setting one up, starting what is due, delivering it once to each colleague."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account
from accounts.windows import check_day
from kam.integrations.jobs import enqueue
from kam.integrations.models import Job
from kam.lib.errors import DomainError, InvalidInput
from kam.users.models import User
from reports.actions.reports import build_report, check_account, create_report
from reports.mails import mail_report
from reports.models import DeliveredReport, Report, ReportDelivery, ReportSchedule
from reports.snapshot import Order

# What is due on the first of a month comes in one or two ticks: the workers, not the clock, set the pace.
MOST_AT_ONCE = 500
MOST_RECIPIENTS = 50
# A mail that is claimed for longer than this is not being sent any more.
SENDING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What somebody wants regularly."""

    account: Account | None
    template: str
    rhythm: str
    language: str
    start_on: date
    recipients: Iterable[User]


@transaction.atomic
def schedule_report(wanted: Rhythm, *, by: User) -> ReportSchedule:
    """Set up an internal scheduled report.

    Raises InvalidInput when nobody is to get it, a recipient may not see the account, or the first day is past;
    DomainError when somebody else than sales leadership schedules the portfolio.
    """
    check_account(Order(wanted.account, timezone.localdate(), template=wanted.template), by)
    if check_day(wanted.start_on, "start_on") < timezone.localdate():
        message = gettext_noop("The first report comes today at the earliest.")
        raise InvalidInput("day_is_past", message, field="start_on")
    recipients = list(wanted.recipients)
    if not 1 <= len(recipients) <= MOST_RECIPIENTS:
        message = gettext_noop("Choose 1 to %(most)s colleagues who get the report.")
        raise InvalidInput("bad_recipients", message, {"most": MOST_RECIPIENTS}, "recipients")
    if blind := [person for person in recipients if not may_read(person, wanted.account)]:
        message = gettext_noop("%(name)s does not see what the report is about.")
        raise InvalidInput("recipient_is_blind", message, {"name": blind[0].name}, "recipients")
    schedule = ReportSchedule.objects.create(
        account=wanted.account,
        template=wanted.template,
        rhythm=wanted.rhythm,
        language=wanted.language,
        start_on=wanted.start_on,
        next_on=wanted.start_on,
        created_by=by,
    )
    schedule.recipients.set(recipients)
    names = [person.name for person in recipients]
    record("report_schedule.created", by=by, account=wanted.account, subject=schedule, recipients=names)
    return schedule


def may_read(person: User, account: Account | None) -> bool:
    """Say whether a person sees the account, or everything when the report is the portfolio's."""
    if not person.is_active:
        return False
    if account is None:
        return person.sees_everything
    return bool(Account.objects.visible_to(person).filter(pk=account.pk).exists())


@transaction.atomic
def pause_schedule(schedule: ReportSchedule, *, active: bool, by: User) -> ReportSchedule:
    """Pause a schedule, or go on with the next slot to come; slots that passed meanwhile are left out."""
    if schedule.is_active != active:
        schedule.is_active = active
        yesterday = timezone.localdate() - timedelta(days=1)
        if active and schedule.next_on <= yesterday:
            schedule.next_on = schedule.slot_after(yesterday)
        schedule.save(update_fields=["is_active", "next_on", "updated_at"])
        verb = "report_schedule.resumed" if active else "report_schedule.paused"
        record(verb, by=by, account=schedule.account, subject=schedule)
    return schedule


@transaction.atomic
def end_schedule(schedule: ReportSchedule, *, by: User) -> None:
    """Remove a schedule; the reports that it brought stay."""
    record("report_schedule.ended", by=by, account=schedule.account, subject=schedule)
    schedule.delete()


def start_due_reports(now: datetime) -> list[Job]:
    """Start what is due on the day; the tick calls it."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    due = ReportSchedule.objects.due(today).select_related("created_by")[:MOST_AT_ONCE]
    started = [_start(schedule, today) for schedule in due]
    return [job for job in started if job is not None]


@transaction.atomic
def _start(schedule: ReportSchedule, today: date) -> Job | None:
    """Claim a slot: move the schedule on, write the delivery and queue its job, all or nothing.

    A machine that was off for months makes one report and not one for each month.
    """
    slot = schedule.next_on
    claimed = ReportSchedule.objects.filter(pk=schedule.pk, next_on=slot, is_active=True)
    if not claimed.update(next_on=schedule.slot_after(max(slot, today))):
        return None
    delivery, _made = ReportDelivery.objects.get_or_create(schedule=schedule, slot=slot)
    payload = {"delivery": str(delivery.pk)}
    return enqueue("reports.deliver", payload, by=schedule.created_by, key=f"reports.deliver:{delivery.pk}")


def deliver(delivery: ReportDelivery, *, tell: Callable[..., None] | None = None) -> dict[str, Any]:
    """Build the report of a slot and give each colleague one copy; a run that died is taken up where it was.

    Rights are those of today: who sees the account no more gets nothing. Raises DomainError when nobody is left.
    """
    schedule = delivery.schedule
    readers = [person for person in schedule.recipients.all() if may_read(person, schedule.account)]
    if not readers:
        message = gettext_noop(
            "Nobody who is to get this report may read it any more. Choose other recipients."
        )
        raise DomainError("no_readers", message)
    report = _report_of(delivery)
    build_report(report, tell=tell)
    copies = [_copy(delivery, person) for person in readers]
    mailed = sum(_mail(copy, report) for copy in copies)
    return {"report": str(report.pk), "title": report.title, "delivered": len(copies), "mailed": mailed}


@transaction.atomic
def _report_of(delivery: ReportDelivery) -> Report:
    """Return the slot's report, ordering it as of the day before the slot; ordered once, whatever dies."""
    if delivery.report is not None:
        return delivery.report
    schedule = delivery.schedule
    order = Order(
        schedule.account,
        delivery.slot - timedelta(days=1),
        Report.Audience.INTERNAL,
        schedule.language,
        schedule.template,
    )
    delivery.report = create_report(order, by=None, queue=False)
    delivery.save(update_fields=["report", "updated_at"])
    return delivery.report


def _copy(delivery: ReportDelivery, person: User) -> DeliveredReport:
    copy, _made = DeliveredReport.objects.get_or_create(
        delivery=delivery, user=person, defaults={"delivered_at": timezone.now()}
    )
    return copy


def _mail(copy: DeliveredReport, report: Report) -> bool:
    """Mail a copy at most once: it is claimed before it goes out, whoever else runs at the same time.

    A run that dies in between, or a line that breaks, leaves a claim without an end: a doubt that is shown, and
    that a person settles (``mail_again``).
    """
    if not settings.SENDS_MAIL:
        return False
    mine = DeliveredReport.objects.filter(pk=copy.pk)
    if not mine.filter(mail_claimed_at__isnull=True, mailed_at__isnull=True).update(
        mail_claimed_at=timezone.now()
    ):
        return False
    outcome = mail_report(copy, report)
    if outcome == "sent":
        mine.update(mailed_at=timezone.now())
    elif outcome == "refused":
        mine.update(mail_claimed_at=None)
    return outcome == "sent"


@transaction.atomic
def mail_again(copy: DeliveredReport | None, *, by: User) -> Job:
    """Send a copy whose mail is in doubt once more; the person who asks knows that it may come twice.

    Raises DomainError for a copy that is not in doubt, or still being sent.
    """
    before = timezone.now() - SENDING
    doubtful = DeliveredReport.objects.in_doubt(before).filter(pk=copy.pk) if copy else None
    if copy is None or doubtful is None or not doubtful.update(mail_claimed_at=None):
        raise DomainError("not_in_doubt", gettext_noop("Nothing is in doubt about this mail."))
    delivery = copy.delivery
    record(
        "report_schedule.mailed_again",
        by=by,
        account=delivery.schedule.account,
        subject=delivery.schedule,
        to=copy.user.name,
    )
    return enqueue(
        "reports.deliver", {"delivery": str(delivery.pk)}, by=by, key=f"reports.deliver:{delivery.pk}"
    )


def mark_seen(report: Report, *, by: User) -> None:
    """Take a delivered report out of a person's inbox: she has opened it."""
    unseen = DeliveredReport.objects.filter(delivery__report=report, user=by, seen_at__isnull=True)
    if unseen.exists():  # reading a report writes only when there is something to write
        unseen.update(seen_at=timezone.now())
