"""The overview of the room: what is in use, what came out last, what waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kam.users.policy import policy
from scoring.forms import RunForm
from scoring.models import Criterion, Decision, Rating, Score, ScoreRun, ScoringModel
from scoring.permissions import can_manage_models, can_rate, can_run
from scoring.ranking_page import ranking_of

LEADERS_SHOWN = 12


@policy("GET")
def home(request: HttpRequest) -> HttpResponse:
    """Where do we stand with choosing our key accounts?"""
    run = ScoreRun.objects.latest()
    rows = []
    if run is not None:
        scores = Score.objects.visible_to(request.user).of_run(run).for_ranking()
        rows = list(ranking_of(run).rows(scores[:LEADERS_SHOWN]))
    decisions = Decision.objects.visible_to(request.user)
    context = {
        "run": run,
        "rows": rows,
        "models": ScoringModel.objects.active().for_list(),
        "criteria": Criterion.objects.current().count(),
        "waiting": decisions.waiting().count(),
        "reviews_due": decisions.current().filter(review_on__lte=timezone.localdate()).count(),
        "my_ratings": Rating.objects.submitted().filter(rater=request.user).count(),
        "run_form": RunForm(),
        "can_run": can_run(request.user),
        "can_rate": can_rate(request.user),
        "can_manage": can_manage_models(request.user),
    }
    return render(request, "scoring/home.html", context)
