"""The growth pages of an account and of the portfolio."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import ngettext

from accounts.models import Account
from accounts.permissions import caller
from goals.actions.periods import add_fiscal_years
from goals.actions.rates import set_rates
from goals.anticipation import MOST_PEERS, candidates
from goals.constant_rates import AS_BOOKED, CONSTANT
from goals.growth_page import answer, growth_page
from goals.models import CostRates
from goals.permissions import can_check_in, can_edit_goals, can_edit_rates
from goals.plan_forms import RatesForm
from goals.portfolio_growth import portfolio_growth
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.htmx import render_part
from kam.lib.versions import typed_number
from kam.users.models import Organisation
from kam.users.policy import LEADERS, MANAGERS, policy


@policy("GET", about="account")
def account_growth(request: HttpRequest, pk: object) -> HttpResponse:
    """How the revenue of an account grew, through what, and what is to be expected."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    today, currency, refusal = timezone.localdate(), Organisation.current().currency, None
    try:
        page = growth_page(account, request.GET.dict(), today, currency)
    except InvalidInput as error:
        refusal, page = error, growth_page(account, {}, today, currency)
    context = {"page": page, "account": account, "refusal": refusal}
    context |= {"rates": CostRates.current(), "may_work": can_check_in(request.user)}
    context |= {"may_edit": can_edit_goals(request.user), "month_names": MONTHS.items()}
    return render(request, "goals/growth.html", context, status=422 if refusal else 200)


@policy("GET", about="account")
def account_peers(request: HttpRequest, pk: object) -> HttpResponse:
    """What comparable accounts buy; a part of the growth page that comes after it, for it looks at all accounts."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    found = answer(lambda: candidates(account, timezone.localdate()))
    context = {"account": account, "candidates": found, "most": MOST_PEERS}
    context |= {"may_work": can_check_in(request.user)}
    context |= {"may_edit": can_edit_goals(request.user)}
    return render_part(request, "goals/peers.html", "goals/_candidates.html", context)


@policy("POST", write=MANAGERS, about="account")
def fiscal_years(request: HttpRequest, pk: object) -> HttpResponse:
    """Name an account's own fiscal years."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    try:
        month = typed_number(request.POST.get("month", "")) or 0
        added = add_fiscal_years(account, month=month, today=timezone.localdate(), by=caller(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = ngettext("%(count)s fiscal year is added.", "%(count)s fiscal years are added.", len(added))
        messages.success(request, said % {"count": len(added)})
    return redirect("goals:growth", pk=pk)


@policy("GET")
def portfolio(request: HttpRequest) -> HttpResponse:
    """Retention, contribution, and whether key account management pays."""
    rates = CONSTANT if request.GET.get("rates") == CONSTANT else AS_BOOKED
    page = portfolio_growth(request.user, timezone.localdate(), rates)
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
