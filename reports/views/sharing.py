"""Approving a customer's report, sharing it by links, and seeing who opened it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.lib.forms import posted
from kam.users.policy import MANAGERS, policy
from reports.actions import approve_report, revoke_link, share_report, withdraw_approval
from reports.forms_sharing import ShareLinkForm
from reports.hidden import hidden_lines
from reports.links import address_of
from reports.models import Report, ShareLink, ShareOpening
from reports.permissions import caller, can_report

SHOWN = 50


@policy("GET", "POST", write=MANAGERS, about="report")
def report_share(request: HttpRequest, pk: object) -> HttpResponse:
    """Who approved the customer's report, who has an address of it and who opened it; POST makes an address."""
    report = _report(request, pk)
    form = ShareLinkForm(request.POST or None)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            link, token = share_report(report, by=caller(request), **form.cleaned_data)
            shown = {"address": address_of(token), "has_password": link.has_password}
            form = ShareLinkForm()
        except DomainError as error:
            form.add_error(error.field or None, str(error))
    openings = ShareOpening.objects.filter(link__report=report).select_related("link")[:SHOWN]
    context = {
        "report": report,
        "hidden": hidden_lines(report.hidden),
        "may_share": can_report(caller(request)),
        "links": report.links.with_openings(),  # type: ignore[attr-defined]  # the related manager is made at run time
        "openings": openings,
        "form": form,
        "now": timezone.now(),
    }
    return render(request, "reports/share.html", context | shown)


@policy("POST", write=MANAGERS, about="share_link")
def link_revoke(request: HttpRequest, pk: object) -> HttpResponse:
    links = ShareLink.objects.visible_to(request.user).select_related("report__account")
    link = get_object_or_404(links, pk=pk)
    revoke_link(link, by=caller(request))
    messages.success(request, _("The link for %(name)s opens nothing any more.") % {"name": link.recipient})
    return redirect("reports:share", pk=link.report_id)


@policy("POST", write=MANAGERS, about="report")
def report_approve(request: HttpRequest, pk: object) -> HttpResponse:
    """Approve, or with ``withdraw`` take the approval back."""
    report = _report(request, pk)
    try:
        note = posted(request, "note")
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
