"""The company's playbooks, and where they are running."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.permissions import caller
from goals.actions.playbooks import (
    Step,
    end_playbook,
    restore_playbook,
    retire_playbook,
    save_playbook,
    start_playbook,
)
from goals.models import Playbook, PlaybookRun
from goals.permissions import can_edit_goals
from goals.plan_forms import PlaybookForm, StartPlaybookForm, StepForms
from kam.lib.forms import tried
from kam.users.policy import MANAGERS, WORKERS, policy

STEP = ("day_offset", "title", "function", "exit_criterion")


@policy("GET")
def playbook_list(request: HttpRequest) -> HttpResponse:
    """The company's playbooks, or those that are retired."""
    found, retired = Playbook.objects.visible_to(request.user), request.GET.get("retired") == "1"
    shown = (found.retired() if retired else found.current()).with_steps().with_uses()
    context = {"playbooks": shown, "retired": retired, "may_edit": can_edit_goals(request.user)}
    context["has_retired"] = retired or found.retired().exists()
    return render(request, "goals/playbooks.html", context)


@policy("GET", "POST", read=MANAGERS, write=MANAGERS)
def playbook_create(request: HttpRequest) -> HttpResponse:
    return _write_playbook(request, None)


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="playbook")
def playbook_edit(request: HttpRequest, pk: object) -> HttpResponse:
    return _write_playbook(request, get_object_or_404(Playbook.objects.visible_to(request.user), pk=pk))


@policy("POST", write=MANAGERS, about="playbook")
def playbook_retire(request: HttpRequest, pk: object) -> HttpResponse:
    """Offer a playbook no more."""
    playbook = get_object_or_404(Playbook.objects.visible_to(request.user), pk=pk)
    retire_playbook(playbook, by=caller(request))
    undo = reverse("goals:playbook_restore", args=[playbook.pk])
    messages.success(request, _("Retired: %(name)s") % {"name": playbook}, extra_tags=undo)
    return redirect("goals:playbooks")


@policy("POST", write=MANAGERS, about="playbook")
def playbook_restore(request: HttpRequest, pk: object) -> HttpResponse:
    """Offer a retired playbook again (undo)."""
    playbook = get_object_or_404(Playbook.objects.visible_to(request.user), pk=pk)
    restore_playbook(playbook, by=caller(request))
    messages.success(request, _("Back again: %(name)s") % {"name": playbook})
    return redirect("goals:playbooks")


@policy("POST", write=WORKERS, about="account")
def playbook_start(request: HttpRequest, pk: object) -> HttpResponse:
    """Make a playbook's steps tasks of an account."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    form = StartPlaybookForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a playbook and a day."))
    else:
        data = form.cleaned_data
        if tried(form, lambda: start_playbook(data["playbook"], account, on=data["on"], by=request.user)):
            messages.success(request, _("The steps are tasks of the account now."))
        else:
            messages.error(request, " ".join(form.non_field_errors()))
    return redirect("goals:plan", pk=pk)


@policy("POST", write=WORKERS, about="playbook_run")
def playbook_end(request: HttpRequest, pk: object) -> HttpResponse:
    run = get_object_or_404(
        PlaybookRun.objects.visible_to(request.user).select_related("account", "playbook"), pk=pk
    )
    end_playbook(run, by=request.user)
    return redirect("goals:plan", pk=run.account_id)


def _write_playbook(request: HttpRequest, playbook: Playbook | None) -> HttpResponse:
    form = PlaybookForm(request.POST or None, initial=_fields(playbook, ("name", "purpose", "version")))
    known = [_fields(step, STEP) for step in playbook.steps.all()] if playbook else []
    rows = StepForms(request.POST or None, initial=known, prefix="steps")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        values["expected_version"] = values.pop("version")
        if tried(form, lambda: save_playbook(playbook, steps=_steps(rows), by=request.user, **values)):
            return redirect("goals:playbooks")
    return render(request, "goals/playbook_form.html", {"form": form, "rows": rows, "playbook": playbook})


def _fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} if row else {}


def _steps(rows: Any) -> list[Step]:
    """Return the steps that were written; an empty row or a removed one is none."""
    written = [row.cleaned_data for row in rows]
    kept = [data for data in written if data.get("title") and not data.get("DELETE")]
    return [Step(**{name: data[name] for name in STEP}) for data in kept]
