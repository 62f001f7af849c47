"""A delivered report as an e-mail, in the language of whoever gets it."""

import smtplib

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.links import url
from reports.models import DeliveredReport, Report

log = structlog.get_logger(__name__)
# Larger files stay behind the link: many servers refuse them.
LARGEST = 8 * 1024 * 1024


def mail_report(copy: DeliveredReport, report: Report) -> bool:
    """Send a colleague's copy; False where no mail server is set up or it does not take the mail.

    The report is in the inbox in any case. A run that dies between sending and noting sends again under the same
    Message-ID, so that mail programs show one mail.
    """
    if not settings.SENDS_MAIL:
        return False
    with override(copy.user.language or report.language):
        subject = _("%(kind)s: %(title)s") % {"kind": report.get_template_display(), "title": report.title}
        words = {"report": report, "user": copy.user, "address": f"{settings.BASE_URL}{_page(report)}"}
        body = render_to_string("reports/mail.txt", words)
    headers = {"Message-ID": _message_id(copy), "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(" ".join(subject.split())[:180], body, to=[copy.user.email], headers=headers)
    if report.pdf.size <= LARGEST:
        with report.pdf.open() as pdf:
            mail.attach(f"report-{report.as_of.isoformat()}.pdf", pdf.read(), "application/pdf")
    try:
        return mail.send() == 1
    except (smtplib.SMTPException, OSError):
        log.warning("report_not_mailed", copy=copy.pk, exc_info=True)
        return False


def _page(report: Report) -> str:
    return url("reports:detail", pk=report.pk)


def _message_id(copy: DeliveredReport) -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<report-{copy.delivery_id}-{copy.pk}@{domain}>"
