"""Scoring models: criteria, cut line, weights and where these come from."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kam.lib.errors import DomainError
from kam.lib.forms import posted
from kam.lib.versions import typed_number
from kam.users.policy import LEADERS, policy
from scoring.actions import scoring_models
from scoring.actions.scoring_models import CutLine, Draft, Item, Provenance
from scoring.forms import ModelForm
from scoring.models import ScoringModel
from scoring.permissions import can_manage_models, can_run
from scoring.weights_page import read_inputs, refusal_words, weights_page

VERBS: dict[str, Callable[..., ScoringModel]] = {
    "activate": scoring_models.activate_model,
    "retire": scoring_models.retire_model,
    "copy": scoring_models.copy_model,
}


@policy("GET")
def model_list(request: HttpRequest) -> HttpResponse:
    """How do we weigh what matters, and how did that come about?"""
    models = ScoringModel.objects.visible_to(request.user).for_list()
    context = {
        "models": models,
        "can_manage": can_manage_models(request.user),
        "can_run": can_run(request.user),
    }
    return render(request, "scoring/models.html", context)


@policy("GET", "POST", read=LEADERS, write=LEADERS)
def model_create(request: HttpRequest) -> HttpResponse:
    """Choose name, criteria and cut line; the weights come next."""
    form = ModelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            name = form.cleaned_data["name"]
            model = scoring_models.create_model(name, _draft(form.cleaned_data), by=request.user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("scoring:weights", pk=model.pk)
    return render(request, "scoring/model_form.html", {"form": form})


@policy("GET", "POST", read=LEADERS, write=LEADERS, about="scoring_model")
def weights(request: HttpRequest, pk: Any) -> HttpResponse:
    """Weigh the criteria by rank order, swing, pairs or by hand."""
    model = get_object_or_404(ScoringModel.objects.visible_to(request.user).for_list(), pk=pk)
    items = list(model.items.all())
    method = request.GET.get("method") or request.POST.get("method") or model.weight_method
    seen = _seen_version(request.POST)
    stale = seen not in (None, model.version)
    order, inputs, error = read_inputs(method, {} if stale else request.POST, model, items)
    if stale:
        error = _("Somebody saved other weights meanwhile. They stand here now; yours are not saved.")
    elif request.method == "POST" and "move" not in request.POST:
        try:
            participants = posted(request, "participants", model.participants)[:2000]
            draft = Draft(
                [Item(i.criterion, i.rule, i.basis, i.window) for i in order],
                Provenance(method, inputs, participants),
                override_reason=model.override_reason,
            )
            scoring_models.update_model(model, draft, by=request.user, expected_version=seen)
        except DomainError as refused:
            error = refusal_words(refused, order)
        else:
            messages.success(request, _("The weights are saved, with how they arose."))
            return redirect("scoring:weights", pk=model.pk)
    return render(request, "scoring/weights.html", weights_page(model, method, order, inputs, error))


@policy("POST", write=LEADERS, about="scoring_model")
def model_verb(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """Put a version to use, take it out of use, or make the next version."""
    model = get_object_or_404(ScoringModel.objects.visible_to(request.user), pk=pk)
    try:
        changed = VERBS[verb](model, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("scoring:models")
    return redirect("scoring:weights", pk=changed.pk) if verb == "copy" else redirect("scoring:models")


def _seen_version(posted: Mapping[str, str]) -> int | None:
    """Return which version of the weights somebody looked at when she changed them, as far as she says."""
    return typed_number(posted.get("seen_version", ""))


def _draft(data: dict[str, Any]) -> Draft:
    """A new model starts with its criteria in the order of the library, weighed by that order."""
    items = [Item(criterion) for criterion in data["criteria"]]
    ranks = list(range(1, len(items) + 1))
    line = CutLine(data["cut_kind"], data["cut_value"], data["exit_value"])
    provenance = Provenance("roc", {"ranks": ranks}, data["participants"])
    return Draft(items, provenance, line, data["override_reason"])
