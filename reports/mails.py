"""A delivered report as an e-mail, in the language of whoever gets it."""

import smtplib
from typing import Literal

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.links import url
from reports.models import DeliveredReport, Report
from reports.pdf import opened_pdf

log = structlog.get_logger(__name__)
# Larger files stay behind the link: many servers refuse them.
LARGEST = 8 * 1024 * 1024
# The server has said no. After anything else that breaks off, nobody knows.
REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)
Outcome = Literal["sent", "refused", "in_doubt"]


def mail_report(copy: DeliveredReport, report: Report) -> Outcome:
    """Send a colleague's copy and say what became of it; the report is in the inbox in any case."""
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError):
        log.warning("mail_server_unreachable", copy=copy.pk, exc_info=True)
        return "refused"
    try:
        sent = _message(copy, report, connection).send()
        return "sent" if sent == 1 else "refused"
    except REFUSALS:
        log.warning("report_not_mailed", copy=copy.pk, exc_info=True)
        return "refused"
    except (smtplib.SMTPException, OSError):
        log.warning("report_mailed_perhaps", copy=copy.pk, exc_info=True)
        return "in_doubt"
    finally:
        _close(connection)


def _message(copy: DeliveredReport, report: Report, connection: object) -> EmailMessage:
    with override(copy.user.language or report.language):
        subject = _("%(kind)s: %(title)s") % {"kind": report.get_template_display(), "title": report.title}
        words = {"report": report, "user": copy.user, "address": f"{settings.BASE_URL}{_page(report)}"}
        body = render_to_string("reports/mail.txt", words)
    headers = {"Message-ID": _message_id(copy), "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(
        " ".join(subject.split())[:180], body, to=[copy.user.email], headers=headers, connection=connection
    )
    with opened_pdf(report) as pdf:
        if pdf.size <= LARGEST:
            mail.attach(f"report-{report.as_of.isoformat()}.pdf", pdf.read(), "application/pdf")
    return mail


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]  # the stubs know no common base of backends
    except (smtplib.SMTPException, OSError):
        log.info("mail_server_left_early")


def _page(report: Report) -> str:
    return url("reports:detail", pk=report.pk)


def _message_id(copy: DeliveredReport) -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<report-{copy.delivery_id}-{copy.pk}@{domain}>"
