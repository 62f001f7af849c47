"""Composing a report: template, readers and sections, with what stays hidden shown before it is built."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kam.users.policy import MANAGERS, policy
from reports.actions import order_from
from reports.forms import ReportForm
from reports.permissions import caller
from reports.preview import preview
from reports.templates import TEMPLATES


@policy("GET", read=MANAGERS)
def report_compose(request: HttpRequest) -> HttpResponse:
    """What a report would say section by section, and what a customer's version would leave out."""
    form = ReportForm(request.GET if "account" in request.GET else None, user=caller(request))
    context = {"form": form, "names": form.suggestions(), "templates": list(TEMPLATES.values())}
    if form.is_bound and form.is_valid():
        order = order_from(form.cleaned_data)
        context |= {
            "order": order,
            "chosen": TEMPLATES[order.template],
            "preview": preview(order) if order.account else None,
        }
    return render(request, "reports/compose.html", context)
