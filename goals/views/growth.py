"""The growth pages of an account and of the portfolio."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.models import Account
from goals.actions.rates import set_rates
from goals.growth_page import asked_periods, growth_page
from goals.models import CostRates
from goals.permissions import can_check_in, can_edit_goals, can_edit_rates
from goals.plan_forms import RatesForm
from goals.portfolio_growth import portfolio_growth
from kam.lib.errors import DomainError, InvalidInput
from kam.users.models import Organisation
from kam.users.policy import LEADERS, policy


@policy("GET", about="account")
def account_growth(request: HttpRequest, pk: object) -> HttpResponse:
    """How the revenue of an account grew, through what, and what is to be expected."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    today, currency, refusal = timezone.localdate(), Organisation.current().currency, None
    try:
        page = growth_page(account, asked_periods(request.GET.dict(), today), today, currency)
    except InvalidInput as error:
        refusal, page = error, growth_page(account, asked_periods({}, today), today, currency)
    context = {"page": page, "account": account, "refusal": refusal}
    context |= {"rates": CostRates.current(), "may_work": can_check_in(request.user)}
    context |= {"may_edit": can_edit_goals(request.user)}
    return render(request, "goals/growth.html", context, status=422 if refusal else 200)


@policy("GET")
def portfolio(request: HttpRequest) -> HttpResponse:
    """Retention, contribution, and whether key account management pays."""
    page = portfolio_growth(request.user, timezone.localdate())
    context = {"page": page, "rates": CostRates.current(), "may_rate": can_edit_rates(request.user)}
    return render(request, "goals/portfolio_growth.html", context)


@policy("GET", "POST", read=LEADERS, write=LEADERS)
def rates(request: HttpRequest) -> HttpResponse:
    """What an hour costs and which discount the policy allows."""
    current = CostRates.current()
    initial = {"hourly_rate": current.hourly_rate, "allowed_discount": current.allowed_discount}
    form = RatesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_rates(by=request.user, **form.cleaned_data)
            return redirect("goals:portfolio_growth")
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "goals/rates.html", {"form": form})
