"""Scenarios: save a weighting under a name, compare two, propose, decide."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kam.lib.errors import DomainError
from kam.lib.forms import posted
from kam.lib.versions import typed_number
from kam.users.policy import LEADERS, PLANNERS, policy
from scoring.actions import scenarios
from scoring.actions.scenarios import Weighting
from scoring.models import Scenario, ScoreRun, ScoringModel
from scoring.permissions import can_run
from scoring.scenario_page import choices, comparison_context, scenario_context, side
from scoring.whatif import asked_line, asked_weights

VERBS: dict[str, tuple[Callable[..., Any], str]] = {
    "propose": (scenarios.propose_scenario, gettext_noop("Proposed. A leader decides.")),
    "rebase": (scenarios.rebase_scenario, gettext_noop("Carried over to the present baseline.")),
    "delete": (scenarios.delete_scenario, gettext_noop("The scenario is gone.")),
    "approve": (scenarios.approve_scenario, gettext_noop("Approved. The new baseline's run has started.")),
    "decline": (scenarios.decline_scenario, gettext_noop("Declined.")),
}


@policy("GET")
def scenario_list(request: HttpRequest) -> HttpResponse:
    """Which weightings are under discussion, and how do two of them differ?"""
    known = choices(request.user)
    left, right = request.GET.get("left", ""), request.GET.get("right", "")
    context: dict[str, Any] = {
        "scenarios": known,
        "left": left,
        "right": right,
        "can_run": can_run(request.user),
    }
    if left or right:
        sides = [side(asked, known) for asked in (left, right)]
        if None in sides:
            context["refusal"] = _("Choose two scenarios, or a scenario and the baseline.")
        else:
            context |= comparison_context(sides[0], sides[1], request.user)
    return render(request, "scoring/scenarios.html", context)


@policy("GET", about="scenario")
def scenario_detail(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who would enter and leave under this scenario, against the approved baseline?"""
    scenario = _scenario(request, pk)
    return render(request, "scoring/scenario.html", scenario_context(scenario, request.user))


@policy("POST", write=PLANNERS, about="score_run")
def scenario_create(request: HttpRequest, pk: Any) -> HttpResponse:
    """Keep the workbench's weights under a name; they stand on the version of the run the page showed."""
    runs = ScoreRun.objects.visible_to(request.user).select_related("model")
    model = get_object_or_404(runs, pk=pk).model
    try:
        name, weighting = posted(request, "name"), _weighting(request, model)
        made = scenarios.save_scenario(name, model, weighting, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('scoring:whatif')}?{_asked(request)}")
    messages.success(request, _("“%(name)s” is saved.") % {"name": made.name})
    return redirect("scoring:scenario", pk=made.pk)


@policy("POST", write=PLANNERS, about="scenario")
def scenario_save(request: HttpRequest, pk: Any) -> HttpResponse:
    """Keep the workbench's weights in the scenario it was opened with; refused when somebody saved it meanwhile."""
    scenario = _scenario(request, pk)
    try:
        scenarios.update_scenario(
            scenario,
            _weighting(request, scenario.model, scenario),
            name=posted(request, "name", scenario.name),
            by=request.user,
            expected_version=typed_number(request.POST.get("version", "")),
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("scoring:scenario", pk=scenario.pk)


@policy("POST", write=PLANNERS, about="scenario")
def scenario_verb(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """Propose, carry over or throw away."""
    return _done(request, _scenario(request, pk), verb)


@policy("POST", write=LEADERS, about="scenario")
def scenario_decide(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """Approve or decline a proposal."""
    return _done(request, _scenario(request, pk), verb, "reason")


def _done(request: HttpRequest, scenario: Scenario, verb: str, *said: str) -> HttpResponse:
    pk = scenario.pk
    act, text = VERBS[verb]
    try:
        act(scenario, by=request.user, **{name: posted(request, name) for name in said})
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _(text))
        if verb == "delete":
            return redirect("scoring:scenarios")
    return redirect("scoring:scenario", pk=pk)


def _scenario(request: HttpRequest, pk: Any) -> Scenario:
    return get_object_or_404(Scenario.objects.visible_to(request.user).for_list(), pk=pk)


def _weighting(request: HttpRequest, model: ScoringModel, scenario: Scenario | None = None) -> Weighting:
    """Read w0, w1, … and the line; what is missing is the scenario's, or else the model's own."""
    own = (scenario.weights, scenario.cut_value) if scenario else (None, None)
    asked = request.POST.dict()
    weights = asked_weights(asked, list(model.items.all()), own[0])
    line = asked_line(asked, model, own[1])
    return Weighting(weights, float(line.top or line.threshold or 1))


def _asked(request: HttpRequest) -> str:
    return urlencode({name: text for name, text in request.POST.items() if name == "cut" or name[:1] == "w"})
