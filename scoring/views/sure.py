"""How sure is the ranking, and what would change it?"""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from kam.lib.errors import DomainError
from kam.users.models import User
from kam.users.policy import PLANNERS, policy
from scoring.actions.certainty import start_certainty
from scoring.models import ScoreRun
from scoring.permissions import can_run
from scoring.ranking_page import asked_run
from scoring.sure_page import sure_context


@policy("GET")
def sure(request: HttpRequest) -> HttpResponse:
    """Who is firmly key, who is not, and how far may a weight move before somebody changes places?"""
    run = asked_run(request.GET.get("run", ""))
    if run is None:
        return render(request, "scoring/sure.html", {"run": None})
    if run.finished_at is None:
        return redirect("scoring:run", pk=run.pk)
    if run.lacks_certainty:
        return render(request, "scoring/sure.html", {"run": run, "can_run": can_run(request.user)})
    try:
        context = sure_context(run, request.user, _top(request.GET.get("top", "").strip()))
    except DomainError as error:
        messages.error(request, str(error))
        context = sure_context(run, request.user)
    return render(request, "scoring/sure.html", context)


@policy("GET", "POST", write=PLANNERS, about="score_run")
def certainty(request: HttpRequest, pk: Any) -> HttpResponse:
    """POST computes once more how sure a run is; GET shows how far that is, and goes on when it is over."""
    runs = ScoreRun.objects.visible_to(request.user).select_related("model", "job")
    run, over = get_object_or_404(runs, pk=pk), HttpResponse(headers={"HX-Refresh": "true"})
    if request.method == "POST":
        try:
            start_certainty(run, by=cast(User, request.user))
        except DomainError as error:
            messages.error(request, str(error))
    elif request.headers.get("HX-Request"):
        waits = run.lacks_certainty and run.job is not None and not run.job.is_over
        return render(request, "scoring/_certainty_missing.html", {"run": run}) if waits else over
    return redirect(f"{reverse('scoring:sure')}?run={run.pk}")


def _top(text: str) -> int | None:
    """Return the number of the address; 0, which is refused in words, for what is none."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else 0
