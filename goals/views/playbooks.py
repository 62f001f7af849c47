"""The company's playbooks, and where they are running."""

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
    initial = {"name": playbook.name, "purpose": playbook.purpose} if playbook else None
    form = PlaybookForm(request.POST or None, initial=initial)
    names = ("day_offset", "title", "function", "exit_criterion")
    known = (
        [{name: getattr(step, name) for name in names} for step in playbook.steps.all()] if playbook else []
    )
    rows = StepForms(request.POST or None, initial=known, prefix="steps")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        kept = [
            row.cleaned_data
            for row in rows
            if row.cleaned_data.get("title") and not row.cleaned_data.get("DELETE")
        ]
        steps = [Step(**{name: data[name] for name in names}) for data in kept]
        if tried(form, lambda: save_playbook(playbook, steps=steps, by=request.user, **form.cleaned_data)):
            return redirect("goals:playbooks")
    return render(request, "goals/playbook_form.html", {"form": form, "rows": rows, "playbook": playbook})
