"""Ordering, building and wording reports."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account
from accounts.tidy import tidy_text
from accounts.windows import check_day
from kam.integrations.jobs import enqueue
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.pdf import UnprintableError
from kam.lib.reading import consistent_read
from kam.users.models import User
from reports.actions.approval import refuse_approved
from reports.models import Report
from reports.pdf import report_pdf
from reports.permissions import can_report_on_portfolio
from reports.redaction import CUSTOMER
from reports.snapshot import Order, build_snapshot, digest
from reports.templates import TEMPLATES, chosen_sections

STEPS = (
    (5, gettext_noop("Reading the figures")),
    (55, gettext_noop("Setting the pages")),
    (95, gettext_noop("Filing the report")),
)


@transaction.atomic
def create_report(order: Order, *, by: User | None, queue: bool = True) -> Report:
    """Order a report: write its row and queue the job that freezes it.

    With ``queue`` False the caller builds it. Raises InvalidInput for a day to come or sections that say
    nothing, and DomainError when somebody who may not see the whole portfolio orders a report on it.
    """
    if check_day(order.as_of, "as_of") > timezone.localdate():
        raise InvalidInput(
            "day_to_come", gettext_noop("A report looks back: the day is today at the latest."), field="as_of"
        )
    check_account(order, by)
    report = Report.objects.create(
        account=order.account,
        template=order.template,
        sections=_sections(order),
        audience=order.audience,
        language=order.language,
        as_of=order.as_of,
        previous=_previous(order),
        created_by=by,
    )
    if queue:
        report.job = enqueue(
            "reports.build", {"report": str(report.pk)}, by=by, key=f"reports.build:{report.pk}"
        )
        report.save(update_fields=["job", "updated_at"])
    record(
        "report.ordered",
        by=by,
        account=order.account,
        subject=report,
        as_of=order.as_of,
        audience=order.audience,
    )
    return report


def check_account(order: Order, by: User | None) -> None:
    """Raise InvalidInput when template and account do not fit, DomainError for another's portfolio."""
    template = TEMPLATES[order.template]
    if template.about_account == (order.account is None):
        message = (
            gettext_noop("%(template)s: this report is about one account.")
            if template.about_account
            else gettext_noop("The leadership portfolio is about all accounts.")
        )
        raise InvalidInput("bad_account", message, {"template": template.title}, "account")
    if not template.about_account:
        _check_portfolio(order, by)


def _sections(order: Order) -> list[str]:
    """Return the sections to be built; what a customer may not read at all is no section of a customer's report."""
    sections = chosen_sections(order.template, order.sections)
    if order.audience == Report.Audience.CUSTOMER:
        return chosen_sections(order.template, [code for code in sections if code in CUSTOMER])
    return sections


def _check_portfolio(order: Order, by: User | None) -> None:
    if by is not None and not can_report_on_portfolio(by):
        raise DomainError(
            "not_allowed", gettext_noop("Only sales leadership reports on the whole portfolio.")
        )
    if order.audience == Report.Audience.CUSTOMER:
        raise InvalidInput(
            "portfolio_is_internal",
            gettext_noop("The leadership portfolio never goes to a customer."),
            field="audience",
        )


def _previous(order: Order) -> Report | None:
    """The last report for the same readers: a customer's report must not repeat what an internal one said."""
    earlier = Report.objects.built().filter(
        account=order.account, template=order.template, audience=order.audience
    )
    found: Report | None = earlier.filter(as_of__lt=order.as_of).order_by("-as_of", "-built_at").first()
    return found


def build_report(report: Report, *, tell: Callable[..., None] | None = None) -> dict[str, Any]:
    """Freeze a report and set its PDF, once: a report that is built never changes by being built again.

    Everything is written in one step at the end, so that a run that dies leaves no half report.
    """
    tell = tell or (lambda *args, **values: None)
    if report.built_at is None:
        tell(*STEPS[0])
        previous = report.previous.snapshot if report.previous else None
        with consistent_read():  # an import that commits now is in all of the figures or in none
            snapshot, hidden = build_snapshot(order_of(report), previous)
        tell(*STEPS[1])
        pdf = report_pdf(snapshot)
        tell(*STEPS[2])
        _file(report, snapshot, hidden, pdf)
    return {"report": str(report.pk), "title": report.title, "digest": report.snapshot_digest}


@transaction.atomic
def _file(report: Report, snapshot: dict[str, Any], hidden: list[dict[str, Any]], pdf: bytes) -> None:
    report.snapshot, report.hidden = snapshot, hidden
    report.snapshot_digest, report.title = digest(snapshot), snapshot["title"][:200]
    report.built_at = timezone.now()
    report.pdf.save(f"{report.pk}.pdf", ContentFile(pdf), save=False)
    fields = ["snapshot", "hidden", "snapshot_digest", "title", "built_at", "pdf", "updated_at"]
    report.save(update_fields=fields)
    record(
        "report.built",
        by=report.created_by,
        account=report.account,
        subject=report,
        digest=report.snapshot_digest,
    )


def word_report(report: Report, *, messages: dict[str, str], by: User) -> Report:
    """Put a person's own messages above the parts of a report, and set its PDF anew; no figure changes.

    Raises DomainError while the report is being built and once it is approved, InvalidInput for an empty or too
    long message.
    """
    snapshot = report.snapshot
    if snapshot is None:
        raise not_ready()
    refuse_approved(report)
    before = {part["code"]: part["message"] for part in snapshot["parts"]}
    wanted = {code: tidy_text(text) for code, text in messages.items() if code in before}
    if any(not text or len(text) > 200 for text in wanted.values()):
        message = gettext_noop("Every part needs a message of up to 200 characters.")
        raise InvalidInput("bad_message", message, field="messages")
    changed = {code: text for code, text in wanted.items() if text != before[code]}
    if not changed:
        return report
    replaced = {before[code]: text for code, text in changed.items()}
    title = snapshot["title"]
    for old, new in replaced.items():
        title = title.replace(old, new)
    worded = {
        **snapshot,
        "title": title,
        "parts": [
            {**part, "message": changed.get(part["code"], part["message"])} for part in snapshot["parts"]
        ],
        "messages": [replaced.get(text, text) for text in snapshot["messages"]],
    }
    try:
        pdf = report_pdf(worded, exactly=changed.values())
    except UnprintableError as error:
        message = gettext_noop("A message has characters that the PDF has no letters for.")
        raise InvalidInput("unprintable", message, field="messages") from error
    with transaction.atomic():
        report.snapshot, report.snapshot_digest, report.title = worded, digest(worded), title[:200]
        report.pdf.save(f"{report.pk}.pdf", ContentFile(pdf), save=False)
        report.save(update_fields=["snapshot", "snapshot_digest", "title", "pdf", "updated_at"])
        old = {code: before[code] for code in changed}
        record("report.worded", by=by, account=report.account, subject=report, before=old, after=changed)
    return report


def order_of(report: Report) -> Order:
    account: Account | None = report.account
    sections = tuple(report.sections) or None  # reports from before sections were chosen have all of them
    skipped = tuple(report.skipped.items())
    return Order(account, report.as_of, report.audience, report.language, report.template, sections, skipped)


def not_ready() -> DomainError:
    return DomainError("report_not_ready", gettext_noop("The report is still being built."))


def order_from(values: dict[str, Any], today: date | None = None) -> Order:
    """Return the order that form or API values describe."""
    return Order(
        account=values.get("account"),
        as_of=values.get("as_of") or today or timezone.localdate(),
        audience=values.get("audience") or Report.Audience.INTERNAL,
        language=values.get("language") or "de",
        template=values.get("template") or Report.Template.PROGRESS,
        sections=None if values.get("sections") is None else tuple(values["sections"]),
    )
