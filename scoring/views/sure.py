"""How sure is the ranking, and what would change it?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kam.lib.errors import DomainError
from kam.users.policy import policy
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
    try:
        context = sure_context(run, request.user, _top(request.GET.get("top", "").strip()))
    except DomainError as error:
        messages.error(request, str(error))
        context = sure_context(run, request.user)
    return render(request, "scoring/sure.html", context)


def _top(text: str) -> int | None:
    """Return the number of the address; 0, which is refused in words, for what is none."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else 0
