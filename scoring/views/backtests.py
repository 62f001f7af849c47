"""Does our method work? Back-tests on the page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from kam.lib.errors import DomainError
from kam.users.policy import PLANNERS, policy
from scoring.actions import backtests
from scoring.backtest_page import calibration_chart, lift, tenths
from scoring.forms import BacktestForm
from scoring.models import Backtest
from scoring.permissions import can_run


@policy("GET", "POST", write=PLANNERS)
def backtest_list(request: HttpRequest) -> HttpResponse:
    """Would our method have chosen well?"""
    form = BacktestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            test = backtests.create_backtest(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("scoring:backtest", pk=test.pk)
    tests = Backtest.objects.visible_to(request.user).select_related("model", "job")[:50]
    context = {"form": form, "tests": tests, "can_run": can_run(request.user)}
    return render(request, "scoring/backtests.html", context)


@policy("GET", about="backtest")
def backtest_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    test = get_object_or_404(Backtest.objects.visible_to(request.user).select_related("model", "job"), pk=pk)
    template = "scoring/_backtest.html" if request.headers.get("HX-Request") else "scoring/backtest.html"
    context = {"test": test, "chart": calibration_chart(test), "tenths": tenths(test)}
    context |= {"vs_revenue": lift(test, "revenue"), "vs_random": lift(test, "random")}
    return render(request, template, context)
