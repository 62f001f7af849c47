"""Opportunities, contracts, and what an account may need next."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, Task
from goals.actions.anticipations import act_on
from goals.actions.plans import change_entry
from goals.ahead import anticipations
from goals.contracts import WITHIN, contract_listing
from goals.entries import KINDS
from goals.models import Goal, Opportunity
from goals.opportunities import opportunity_listing
from goals.permissions import can_check_in, can_edit_goals
from kam.lib.errors import DomainError
from kam.lib.htmx import render_part
from kam.users.models import Organisation
from kam.users.policy import WORKERS, policy


@policy("GET")
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """What may be sold next at the accounts one sees."""
    listing = opportunity_listing(request.user, request.GET.dict(), request, timezone.localdate())
    asked = listing.filters.form.cleaned_data.get("account")
    account = Account.objects.visible_to(request.user).filter(pk=asked).first() if asked else None
    context = {"listing": listing, "page": listing.page, "account": account}
    context |= {"kinds": Opportunity.Kind.choices, "stages": Opportunity.Stage.choices}
    context |= {"may_work": can_check_in(request.user)}
    return render_part(request, "goals/opportunities.html", "goals/_opportunity_table.html", context)


@policy("POST", write=WORKERS, about="opportunity")
def opportunity_stage(request: HttpRequest, pk: object) -> HttpResponse:
    """Move an opportunity on: won, lost, or any stage; back to a stage takes that back."""
    row = get_object_or_404(Opportunity.objects.visible_to(request.user).select_related("account"), pk=pk)
    stage = request.POST.get("stage", "")
    try:
        change_entry(KINDS["opportunities"], row, values={"stage": stage}, by=request.user)
        messages.success(request, _("%(name)s: %(stage)s") % {"name": row, "stage": row.get_stage_display()})
    except DomainError as error:
        messages.error(request, str(error))
    if request.POST.get("back") == "list":
        return redirect("goals:opportunities")
    return redirect("goals:plan", pk=row.account_id)


@policy("GET")
def contract_list(request: HttpRequest) -> HttpResponse:
    """Contracts of the accounts one sees, the first to end first."""
    listing = contract_listing(request.user, request.GET.dict(), timezone.localdate())
    context = {"listing": listing, "page": listing.page, "spans": WITHIN}
    context |= {"may_edit": can_edit_goals(request.user)}
    return render_part(request, "goals/contracts.html", "goals/_contract_table.html", context)


@policy("GET", about="account")
def ahead(request: HttpRequest, pk: object) -> HttpResponse:
    """What the account may need next; as a fragment it is part of the plan page."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    rows = anticipations(account, timezone.localdate(), Organisation.current().currency)
    context = {"account": account, "anticipations": rows, "may_work": can_check_in(request.user)}
    context |= {"may_edit": can_edit_goals(request.user)}
    return render_part(request, "goals/ahead.html", "goals/_ahead.html", context)


@policy("POST", write=WORKERS, about="account")
def anticipate(request: HttpRequest, pk: object) -> HttpResponse:
    """Make a task, a goal or an opportunity of what an account may need next; one for each account and reason."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    try:
        made = act_on(account, request.POST.dict(), by=request.user, today=timezone.localdate())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if isinstance(made, Goal):
            messages.success(request, _("It is a goal of the account now."))
            return redirect("goals:detail", pk=made.pk)
        task = _("It is a task of the account now.")
        messages.success(
            request, task if isinstance(made, Task) else _("It is an opportunity of the account now.")
        )
    return redirect("goals:plan" if request.POST.get("back") == "plan" else "goals:growth", pk=pk)
