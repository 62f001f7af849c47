"""The portfolio page: where the revenue comes from and how much hangs on how few."""

from dataclasses import replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import caller, can_import
from accounts.windows import parse_basis
from kam.lib.errors import InvalidInput
from kam.users.models import Organisation
from kam.users.policy import policy
from reports.queries.periods import Period, chosen, own_period, periods
from reports.queries.portfolio import Question, parse_level
from reports.queries.portfolio_before import portfolio_before
from reports.queries.portfolio_page import PortfolioPage, portfolio_page


@policy("GET")
def portfolio(request: HttpRequest) -> HttpResponse:
    """Concentration of the revenue over the accounts the reader may see."""
    offered, refusal, asked = periods(timezone.localdate()), None, Question()
    period = offered[0]
    try:
        period = _period(request, offered)
        basis, level = request.GET.get("basis", "net"), request.GET.get("level", "account")
        asked = Question(basis=parse_basis(basis), level=parse_level(level))
    except InvalidInput as error:
        refusal = error
    currency = Organisation.current().currency
    shown = _shown(request, period, asked, currency)
    widened = not shown.rows and "period" not in request.GET
    if widened:  # nothing in the year that nobody asked for: everything instead, and the page says so
        period = offered[-1]
        shown = _shown(request, period, asked, currency)
    before = portfolio_before(request.user, shown, currency) if shown.rows else None
    context = {"shown": shown, "periods": offered, "period": period, "asked": asked, "refusal": refusal}
    context |= {"dates": _dates(request, period), "before": before}
    context |= {"widened": widened and bool(shown.rows), "may_import": can_import(caller(request))}
    context |= {"without_sales": not shown.rows and period == offered[-1]}
    return render(request, "portfolio/portfolio.html", context, status=422 if refusal else 200)


def _period(request: HttpRequest, offered: list[Period]) -> Period:
    """The period that was asked for; one of typed dates is offered beside the others."""
    if request.GET.get("period") != "own":
        return chosen(offered, request.GET.get("period", ""))
    period = own_period(request.GET.get("from", ""), request.GET.get("to", ""))
    offered.append(period)
    return period


def _dates(request: HttpRequest, period: Period) -> tuple[str, str]:
    """What stands in the two date fields: what was typed, else the days of the period."""
    if "from" in request.GET:
        return request.GET["from"][:10], request.GET.get("to", "")[:10]
    if period.start is None or period.end is None:
        return "", ""
    return period.start.isoformat(), (period.end - timedelta(days=1)).isoformat()


def _shown(request: HttpRequest, period: Period, asked: Question, currency: str) -> PortfolioPage:
    return portfolio_page(
        request.user,
        period,
        replace(asked, start=period.start, end=period.end),
        currency=currency,
        page=request.GET.get("page"),
    )
