"""The leadership portfolio as a page: the report of today's figures, before anybody freezes it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from goals.constant_rates import CONSTANT, sells_abroad
from kam.lib import formatting
from kam.users.models import Role
from kam.users.policy import policy
from reports.document import document
from reports.models import Report
from reports.permissions import caller, can_report_on_portfolio
from reports.snapshot import Order, build_snapshot


@policy("GET", read=(Role.LEADER, Role.VIEWER))
def leadership(request: HttpRequest) -> HttpResponse:
    """Concentration, retention, contribution, movers, coverage, goals at risk and decisions as of today.

    Constant rates are read when they are asked for; the frozen report always has them.
    """
    constant = request.GET.get("rates") == CONSTANT
    order = Order(
        None,
        timezone.localdate(),
        language=formatting.language(),
        template=Report.Template.PORTFOLIO,
        constant_rates=constant,
    )
    snapshot, _hidden = build_snapshot(order)
    context = {
        "doc": document(snapshot),
        "order": order,
        "sells_abroad": sells_abroad(),
        "may_freeze": can_report_on_portfolio(caller(request)),
    }
    return render(request, "portfolio/leadership.html", context)
