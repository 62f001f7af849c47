"""Approving a customer's report, and what follows from it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.users.policy import MANAGERS, policy
from reports.actions import approve_report, withdraw_approval
from reports.hidden import hidden_lines
from reports.models import Report
from reports.permissions import caller, can_report


@policy("GET", about="report")
def report_share(request: HttpRequest, pk: object) -> HttpResponse:
    """Who approved the customer's report, and what was left out of it."""
    return share_page(request, _report(request, pk))


def share_page(request: HttpRequest, report: Report, **extra: Any) -> HttpResponse:
    context = {
        "report": report,
        "hidden": hidden_lines(report.hidden),
        "may_share": can_report(caller(request)),
    }
    return render(request, "reports/share.html", context | extra)


@policy("POST", write=MANAGERS, about="report")
def report_approve(request: HttpRequest, pk: object) -> HttpResponse:
    """Approve, or with ``withdraw`` take the approval back."""
    report = _report(request, pk)
    note = request.POST.get("note", "")
    try:
        if "withdraw" in request.POST:
            withdraw_approval(report, reason=note, by=caller(request))
            messages.success(request, _("The approval is withdrawn; nobody outside can open the report."))
        else:
            approve_report(report, note=note, by=caller(request))
            messages.success(request, _("The report is approved and can be shared."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("reports:share", pk=pk)


def _report(request: HttpRequest, pk: object) -> Report:
    report: Report = get_object_or_404(Report.objects.visible_to(request.user).for_detail(), pk=pk)
    return report
