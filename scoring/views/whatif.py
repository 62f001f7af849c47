"""The workbench: other weights, the ranking that follows, and keeping them as a draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.users.policy import LEADERS, policy
from scoring.actions import scoring_models
from scoring.actions.scoring_models import Draft, Item, Provenance
from scoring.explain import items_of
from scoring.models import Score, ScoreRun
from scoring.permissions import can_manage_models
from scoring.whatif import MOST_ROWS, asked_weights, browser_data, what_if


@policy("GET")
def whatif(request: HttpRequest) -> HttpResponse:
    """Who would be key under another weighting, and how close is it?"""
    run = ScoreRun.objects.latest()
    if run is None:
        return render(request, "scoring/whatif.html", {"run": None})
    items = items_of(run)
    scores = list(Score.objects.visible_to(request.user).of_run(run).for_ranking()[:MOST_ROWS])
    weights, cut = asked_weights(request.GET.dict(), items), _cut(request, run, len(scores))
    try:
        rows = what_if(run, scores, weights, cut)
    except DomainError as error:
        messages.error(request, str(error))
        weights = asked_weights({}, items)
        rows = what_if(run, scores, weights, cut)
    sliders = [
        {"place": place, "position": item.position, "name": item.criterion.name, "value": f"{weight:g}"}
        for place, (item, weight) in enumerate(zip(items, weights, strict=True))
    ]
    context = {"run": run, "rows": rows, "weights": sliders, "cut": cut, "data": browser_data(scores)}
    return render(request, "scoring/whatif.html", context | {"can_manage": can_manage_models(request.user)})


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
        name = request.POST.get("name", "").strip()[:80] or run.model.name
        model = scoring_models.create_model(name, draft, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("scoring:whatif")
    messages.success(request, _("%(model)s is kept as a draft.") % {"model": model})
    return redirect("scoring:models")


def _cut(request: HttpRequest, run: ScoreRun, accounts: int) -> int:
    text = request.GET.get("cut", "")
    if text.isascii() and text.isdigit() and len(text) < 7:
        return max(1, min(int(text), max(1, accounts)))
    if run.model.cut_kind == "top_n":
        return max(1, min(int(run.model.cut_value), max(1, accounts)))
    above = Score.objects.of_run(run).filter(total__gte=run.model.cut_value).count()
    return max(1, min(above, max(1, accounts)))
