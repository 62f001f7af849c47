"""Around decisions: who looks after how many, and whom leaders would have chosen without the ranking."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import Account
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.tabular.numbers import NOT_A_NUMBER
from kam.users.policy import LEADERS, policy
from scoring.actions import blind as actions
from scoring.actions.capacity import MOST, Load, loads, set_capacity
from scoring.models import ScoreRun
from scoring.permissions import can_manage_models
from scoring.ranking_page import as_uuid

FOUND = 12


@policy("GET", "POST", write=LEADERS)
def capacity(request: HttpRequest) -> HttpResponse:
    """Who looks after how many key accounts, and how many are too many?"""
    rows = loads()
    if request.method == "POST":
        try:
            changed = sum(_set(load, request.POST.get(f"most-{load.kam.pk}"), request.user) for load in rows)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Capacities saved, %(n)s changed.") % {"n": changed})
        return redirect("scoring:capacity")
    context = {"loads": rows, "most": MOST, "can_manage": can_manage_models(request.user)}
    return render(request, "scoring/capacity.html", context)


@policy("GET")
def blind(request: HttpRequest) -> HttpResponse:
    """Whom would we choose without the ranking, and how far does that agree with it?"""
    run = ScoreRun.objects.latest()
    context: dict[str, Any] = {"run": run, "can_manage": can_manage_models(request.user)}
    if context["can_manage"]:
        mine = actions.open_list(request.user)
        named = list(mine.accounts.order_by("sort_key")) if mine else []
        words = request.GET.get("q", "").strip()[:100]
        accounts = Account.objects.visible_to(request.user).active().search(words).order_by("sort_key")
        found = accounts.exclude(pk__in=[account.pk for account in named])[:FOUND] if words else []
        context |= {"named": named, "words": words, "found": found}
    context["comparisons"] = actions.compared(run, request.user) if run else []
    return render(request, "scoring/blind.html", context)


@policy("POST", write=LEADERS)
def blind_name(request: HttpRequest) -> HttpResponse:
    """Put an account on one's list, or take it off."""
    wanted = as_uuid(request.POST.get("account", ""))
    account = Account.objects.visible_to(request.user).filter(pk=wanted).first()
    if account is None:
        messages.error(request, _("There is no such account, or more than one."))
        return redirect("scoring:blind")
    verb = actions.unname_blind if request.POST.get("remove") else actions.name_blind
    return _done(request, lambda: verb(request.user, account), "")


@policy("POST", write=LEADERS)
def blind_hand_in(request: HttpRequest) -> HttpResponse:
    """Close one's list."""
    said = _("Handed in. The next score run shows how far it agrees.")
    return _done(request, lambda: actions.hand_in_blind(request.user), said)


def _done(request: HttpRequest, verb: Callable[[], Any], said: str) -> HttpResponse:
    try:
        verb()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
    return redirect("scoring:blind")


def _set(load: Load, text: str | None, by: Any) -> bool:
    """Take over one field of the page; an empty one means no limit. Say whether it changed anything."""
    if text is None:
        return False
    text = text.strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InvalidInput("capacity_invalid", NOT_A_NUMBER, {"value": text[:20]}, "most")
    most = int(text) if text else None
    if most != load.most:
        set_capacity(load.kam, most, by=by)
    return most != load.most
