"""The library of criteria."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.users.policy import LEADERS, policy
from scoring.actions import criteria
from scoring.forms import CriterionForm
from scoring.models import Criterion
from scoring.permissions import can_manage_models


@policy("GET")
def criterion_list(request: HttpRequest) -> HttpResponse:
    """What can accounts be rated on, and why?"""
    archived = request.GET.get("archived") == "1"
    found = Criterion.objects.visible_to(request.user).filter(archived_at__isnull=not archived)
    context = {"criteria": found, "archived": archived, "can_manage": can_manage_models(request.user)}
    return render(request, "scoring/criteria.html", context)


@policy("GET", "POST", read=LEADERS, write=LEADERS)
def criterion_create(request: HttpRequest) -> HttpResponse:
    """A criterion of the company's own."""
    form = CriterionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            criterion = criteria.create_criterion(by=request.user, **form.values())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The criterion “%(name)s” is there.") % {"name": criterion.name})
            return redirect("scoring:criteria")
    return render(request, "scoring/criterion_form.html", {"form": form})


@policy("GET", "POST", read=LEADERS, write=LEADERS, about="criterion")
def criterion_edit(request: HttpRequest, pk: Any) -> HttpResponse:
    criterion = get_object_or_404(Criterion.objects.visible_to(request.user), pk=pk)
    form = CriterionForm(request.POST or None, instance=criterion)
    if request.method == "POST" and form.is_valid():
        try:
            criteria.update_criterion(criterion, by=request.user, **form.values())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("scoring:criteria")
    return render(request, "scoring/criterion_form.html", {"form": form, "criterion": criterion})


@policy("POST", write=LEADERS, about="criterion")
def criterion_archive(request: HttpRequest, pk: Any) -> HttpResponse:
    """Archive a criterion, or bring it back."""
    criterion = get_object_or_404(Criterion.objects.visible_to(request.user), pk=pk)
    verb = criteria.archive_criterion if criterion.archived_at is None else criteria.restore_criterion
    try:
        verb(criterion, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("scoring:criteria")
