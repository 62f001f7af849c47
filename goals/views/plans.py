"""The plan of an account and its entries."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, Activity
from goals.actions import plans as actions
from goals.actions.removed import remove_entry, removed_kind, restore_entry
from goals.customer_plan import customer_plan
from goals.entries import KINDS, EntryKind
from goals.models import Expectation, Plan, Promise
from goals.permissions import can_check_in, can_edit_goals
from goals.plan_forms import (
    AcceptForm,
    PlanForm,
    StartPlaybookForm,
    TemplateForm,
    entry_form,
)
from goals.plan_page import plan_page
from kam.lib.errors import DomainError
from kam.lib.forms import tried
from kam.lib.versions import typed_number
from kam.users.policy import MANAGERS, WORKERS, policy


@policy("GET", about="account")
def account_plan(request: HttpRequest, pk: object) -> HttpResponse:
    """One page: why, how, what; expectations, goals, promises and what both sides do."""
    account = _account(request, pk)
    today = timezone.localdate()
    context = {"page": plan_page(account, today), "account": account, "today": today}
    context |= {"may_edit": can_edit_goals(request.user), "may_work": can_check_in(request.user)}
    context |= {"templates": TemplateForm(), "start": StartPlaybookForm(auto_id="start_%s")}
    return render(request, "goals/plan.html", context)


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="account")
def plan_edit(request: HttpRequest, pk: object) -> HttpResponse:
    """Write why, how, what and the purposes."""
    account = _account(request, pk)
    plan = Plan.objects.filter(account=account).first()
    form = PlanForm(request.POST or None, instance=plan, initial={"version": plan.version if plan else 1})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if tried(
            form,
            lambda: actions.update_plan(
                account, values=form.values(), by=request.user, expected_version=version
            ),
        ):
            messages.success(request, _("The plan is saved."))
            return redirect("goals:plan", pk=pk)
    return render(
        request, "goals/entry_form.html", {"form": form, "account": account, "title": _("Why, how, what")}
    )


@policy("GET", about="account")
def plan_customer(request: HttpRequest, pk: object) -> HttpResponse:
    """The plan as the customer may see it: what is shareable, and nothing else."""
    account = _account(request, pk)
    context = {"page": customer_plan(account, timezone.localdate()), "account": account}
    return render(request, "goals/plan_customer.html", context | {"may_edit": can_edit_goals(request.user)})


@policy("POST", write=MANAGERS, about="account")
def plan_template(request: HttpRequest, pk: object) -> HttpResponse:
    """Fill the empty fields of the plan with the sentences of a template."""
    account = _account(request, pk)
    form = TemplateForm(request.POST)
    if form.is_valid():
        template = form.cleaned_data["template"]
        if tried(form, lambda: actions.fill_plan(account, template=template, by=request.user)):
            return redirect("goals:plan_edit", pk=pk)
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect("goals:plan", pk=pk)


@policy("POST", write=MANAGERS, about="account")
def plan_take_over(request: HttpRequest, pk: object) -> HttpResponse:
    """Take the expectations over that were written down before the approval."""
    actions.take_over_expectations(_account(request, pk), by=request.user)
    return redirect("goals:plan", pk=pk)


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="plan_of")
def entry_add(request: HttpRequest, pk: object, kind: str) -> HttpResponse:
    """Add a promise, procedure, joint project, challenge, or value given or got."""
    return _add(request, pk, _kind(kind, managers_only=False))


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="plan_entry")
def entry_edit(request: HttpRequest, kind: str, pk: object) -> HttpResponse:
    return _edit(request, _kind(kind, managers_only=False), pk)


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="guarded_plan_of")
def guarded_entry_add(request: HttpRequest, pk: object, kind: str) -> HttpResponse:
    """Add an expectation or a year's plan."""
    return _add(request, pk, _kind(kind, managers_only=True))


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="guarded_plan_entry")
def guarded_entry_edit(request: HttpRequest, kind: str, pk: object) -> HttpResponse:
    return _edit(request, _kind(kind, managers_only=True), pk)


@policy("POST", write=WORKERS, about="removed_entry")
def entry_restore(request: HttpRequest, pk: object) -> HttpResponse:
    """Put back what was removed (undo)."""
    removed = get_object_or_404(Activity.objects.visible_to(request.user).select_related("account"), pk=pk)
    kind = removed_kind(removed)
    if kind is None:
        raise Http404
    if kind.managers_only and not can_edit_goals(request.user):
        raise PermissionDenied
    try:
        messages.success(
            request, _("Back again: %(name)s") % {"name": restore_entry(removed, by=request.user)}
        )
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("goals:plan", pk=removed.account_id)


@policy("POST", write=WORKERS, about="promise")
def promise_close(request: HttpRequest, pk: object) -> HttpResponse:
    """Say whether a promise was kept or broken, or open it again."""
    row = get_object_or_404(Promise.objects.visible_to(request.user).select_related("account"), pk=pk)
    try:
        actions.close_promise(row, state=request.POST.get("state", ""), by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("goals:plan", pk=row.account_id)


@policy("POST", write=MANAGERS, about="expectation")
def expectation_accept(request: HttpRequest, pk: object) -> HttpResponse:
    """Note who accepted an expectation."""
    row = get_object_or_404(Expectation.objects.visible_to(request.user).select_related("account"), pk=pk)
    form = AcceptForm(request.POST)
    if form.is_valid():
        actions.accept_expectation(row, who=form.cleaned_data["who"], by=request.user)
    else:
        messages.error(request, _("Say who accepted it."))
    return redirect("goals:plan", pk=row.account_id)


def _account(request: HttpRequest, pk: object) -> Account:
    found: Account = get_object_or_404(Account.objects.visible_to(request.user).with_people(), pk=pk)
    return found


def _kind(code: str, *, managers_only: bool) -> EntryKind:
    kind = KINDS.get(code)
    if kind is None or kind.managers_only != managers_only:
        raise Http404
    return kind


def _add(request: HttpRequest, pk: object, kind: EntryKind) -> HttpResponse:
    account = _account(request, pk)
    form = entry_form(kind, account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = tried(form, lambda: actions.add_entry(kind, account, values=form.cleaned_data, by=request.user))
        if row:
            return redirect(kind.page, pk=account.pk)
    return render(
        request, "goals/entry_form.html", {"form": form, "account": account, "title": kind.add_label}
    )


def _edit(request: HttpRequest, kind: EntryKind, pk: object) -> HttpResponse:
    row = get_object_or_404(kind.model.objects.visible_to(request.user).select_related("account"), pk=pk)
    fresh = kind.model.objects.get(pk=row.pk)
    form = entry_form(kind, row.account, request.POST or None, fresh)
    if request.method == "POST" and "remove" in request.POST:
        removed = remove_entry(kind, row, by=request.user)
        undo = reverse("goals:entry_restore", args=[removed.pk])
        messages.success(request, _("Removed: %(name)s") % {"name": row}, extra_tags=undo)
        return redirect(kind.page, pk=row.account_id)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: _change(request, kind, row, form))
    ):
        return redirect(kind.page, pk=row.account_id)
    context = {"form": form, "account": row.account, "title": str(row), "row": row}
    return render(request, "goals/entry_form.html", context)


def _change(request: HttpRequest, kind: EntryKind, row: Any, form: BaseForm) -> Any:
    expected = typed_number(request.POST.get("version", ""))
    return actions.change_entry(
        kind, row, values=form.cleaned_data, by=request.user, expected_version=expected
    )
