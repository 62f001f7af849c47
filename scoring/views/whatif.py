"""The workbench: sliders over a run's ratings, computed in the browser and, without a script, here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.lib.forms import posted
from kam.users.policy import LEADERS, policy
from scoring.actions import scoring_models
from scoring.actions.scoring_models import Draft, Item, Provenance
from scoring.explain import evidence, items_of
from scoring.models import Scenario, Score, ScoreRun
from scoring.whatif import MOST_ROWS, asked_line, asked_weights, explained_under, what_if
from scoring.workbench import workbench


@policy("GET")
def whatif(request: HttpRequest) -> HttpResponse:
    """Who would be key under another weighting, and how close is it?"""
    run = ScoreRun.objects.latest()
    if run is None:
        return render(request, "scoring/whatif.html", {"run": None})
    scenario = _opened(request)
    if scenario is not None and scenario.model_id != run.model_id:
        messages.warning(request, _("The baseline has changed since this scenario was saved."))
        return redirect("scoring:scenario", pk=scenario.pk)
    try:
        context = workbench(run, request.user, request.GET.dict(), scenario)
    except DomainError as error:
        messages.error(request, str(error))
        context = workbench(run, request.user, {}, scenario)
    return render(request, "scoring/whatif.html", context)


@policy("GET", about="ranked_account")
def whatif_why(request: HttpRequest, pk: Any, account: Any) -> HttpResponse:
    """Why would it stand there? The parts of one score under the weights of the address."""
    run = get_object_or_404(ScoreRun.objects.visible_to(request.user).select_related("model"), pk=pk)
    seen = Score.objects.of_run(run).for_ranking().visible_to(request.user)
    score = get_object_or_404(seen, account=account)
    items, asked = items_of(run), request.GET.dict()
    weights, pool = asked_weights(asked, items), list(seen[:MOST_ROWS])
    if score.position > MOST_ROWS:
        pool.append(score)
    try:
        rows = what_if(pool, weights, asked_line(asked, run.model))
    except DomainError as error:  # as on the workbench: nothing but zeros is no weighting
        messages.error(request, str(error))
        weights = asked_weights({}, items)
        rows = what_if(pool, weights, asked_line(asked, run.model))
    row = next(row for row in rows if row.account_id == account)
    explanation = explained_under(score, row, run, items, weights)
    context = {"explanation": explanation, "run": run, "evidence": evidence(score.account, run, request.user)}
    template = "scoring/_why.html" if request.headers.get("HX-Request") else "scoring/why.html"
    return render(request, template, context)


@policy("POST", write=LEADERS, about="score_run")
def whatif_keep(request: HttpRequest, pk: Any) -> HttpResponse:
    """Keep the weights as the next version of the model, a draft; a leader puts it to use."""
    run = get_object_or_404(ScoreRun.objects.visible_to(request.user).select_related("model"), pk=pk)
    items = items_of(run)
    weights = asked_weights(request.POST.dict(), items)
    copies = [Item(item.criterion, item.rule, item.basis, item.window) for item in items]
    total = sum(weights) or 1.0
    provenance = Provenance("typed", {"weights": [100 * weight / total for weight in weights]})
    draft = Draft(copies, provenance, override_reason=run.model.override_reason)
    try:
        name = posted(request, "name").strip()[:80] or run.model.name
        model = scoring_models.create_model(name, draft, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("scoring:whatif")
    messages.success(request, _("%(model)s is kept as a draft.") % {"model": model})
    return redirect("scoring:models")


def _opened(request: HttpRequest) -> Scenario | None:
    """Return the scenario the address opens the workbench with."""
    try:
        pk = UUID(request.GET.get("scenario", ""))
    except ValueError:
        return None
    return get_object_or_404(Scenario.objects.visible_to(request.user), pk=pk)
