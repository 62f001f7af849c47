"""Writing down what we know about an account's room to grow and where we stand with it."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account
from kam.lib.errors import DomainError
from kam.users.policy import WORKERS, policy
from scoring.actions import estimates
from scoring.actions.estimates import Statement
from scoring.estimate_file import read_estimates
from scoring.forms_estimates import EstimateFileForm, EstimateForm
from scoring.models import AccountEstimate
from scoring.permissions import can_rate
from scoring.standing import standings


@policy("GET", "POST", write=WORKERS, about="account")
def estimates_of(request: HttpRequest, pk: Any) -> HttpResponse:
    """How much room does this account have, who says so, and how sure are we?"""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    form = EstimateForm(request.POST or None, initial={"kind": request.GET.get("kind", "potential")})
    if request.method == "POST" and form.is_valid():
        try:
            estimates.state_estimate(account, Statement(**form.cleaned_data), by=request.user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Written down."))
            return redirect("scoring:estimates", pk=pk)
    context = {"account": account, "form": form, "can_state": can_rate(request.user)}
    context["standing"] = standings([account.pk], timezone.localdate())[account.pk]
    context["history"] = account.estimates.select_related("stated_by")
    return render(request, "scoring/estimates.html", context)


@policy("POST", write=WORKERS, about="estimate")
def estimate_withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take a statement back."""
    rows = AccountEstimate.objects.visible_to(request.user).select_related("account")
    estimate = get_object_or_404(rows, pk=pk)
    try:
        estimates.withdraw_estimate(estimate, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Withdrawn; the statement before it counts again."))
    return redirect("scoring:estimates", pk=estimate.account_id)


@policy("GET", "POST", read=WORKERS, write=WORKERS)
def estimate_import(request: HttpRequest) -> HttpResponse:
    """Take over statements from a table, all or nothing."""
    form = EstimateFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _taken_over(form.cleaned_data["file"], request.user)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            text = ngettext("%(n)s statement taken over.", "%(n)s statements taken over.", made)
            messages.success(request, text % {"n": made})
            return redirect("portfolio_matrix")
    return render(request, "scoring/estimate_import.html", {"form": form})


def _taken_over(upload: Any, user: Any) -> int:
    with NamedTemporaryFile(suffix=Path(upload.name).suffix) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        rows = read_estimates(Path(file.name), by=user)
    return len(estimates.state_many(rows, by=user))
