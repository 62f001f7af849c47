"""The portfolio page: where the revenue comes from and how much hangs on how few."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import caller, can_import
from accounts.windows import parse_basis
from kam.lib.errors import InvalidInput
from kam.users.models import Organisation
from kam.users.policy import policy
from reports.queries.periods import Period, chosen, periods
from reports.queries.portfolio import Question, parse_level
from reports.queries.portfolio_page import PortfolioPage, portfolio_page


@policy("GET")
def portfolio(request: HttpRequest) -> HttpResponse:
    """Concentration of the revenue over the accounts the reader may see."""
    offered, refusal, asked = periods(timezone.localdate()), None, Question()
    period = offered[0]
    try:
        period = chosen(offered, request.GET.get("period", ""))
        basis, level = request.GET.get("basis", "net"), request.GET.get("level", "account")
        asked = Question(basis=parse_basis(basis), level=parse_level(level))
    except InvalidInput as error:
        refusal = error
    shown = _shown(request, period, asked)
    widened = not shown.rows and "period" not in request.GET
    if widened:  # nothing in the year that nobody asked for: everything instead, and the page says so
        period = offered[-1]
        shown = _shown(request, period, asked)
    context = {"shown": shown, "periods": offered, "period": period, "asked": asked, "refusal": refusal}
    context |= {"widened": widened and bool(shown.rows), "may_import": can_import(caller(request))}
    return render(request, "portfolio/portfolio.html", context, status=422 if refusal else 200)


def _shown(request: HttpRequest, period: Period, asked: Question) -> PortfolioPage:
    return portfolio_page(
        request.user,
        period,
        replace(asked, start=period.start, end=period.end),
        currency=Organisation.current().currency,
        page=request.GET.get("page"),
    )
