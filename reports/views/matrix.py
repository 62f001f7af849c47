"""The portfolio as a matrix: where to invest."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from kam.lib.errors import InvalidInput
from kam.users.models import Organisation
from kam.users.policy import policy
from reports.matrix_chart import matrix_chart
from reports.matrix_words import field_lists
from reports.queries.matrix import SHOWS, X_AXES, Y_AXES, Asked, portfolio_matrix
from scoring.models import ScoreRun
from scoring.permissions import can_rate, can_run

RUNS = 24


@policy("GET")
def portfolio_matrix_page(request: HttpRequest) -> HttpResponse:
    """Where to invest: attractive or not, strong there or not, and how that moved."""
    run = ScoreRun.objects.latest()
    context: dict[str, Any] = {
        "run": run,
        "can_state": can_rate(request.user),
        "can_run": can_run(request.user),
    }
    if run is None:
        return render(request, "portfolio/matrix.html", context)
    earlier = list(ScoreRun.objects.before(run).select_related("model").defer("certainty")[:RUNS])
    asked, refusal = asked_of(request.GET, earlier), None
    try:
        matrix = portfolio_matrix(request.user, run, asked, timezone.localdate())
    except InvalidInput as error:
        refusal = error
        matrix = portfolio_matrix(request.user, run, Asked(), timezone.localdate())
    context |= {"matrix": matrix, "refusal": refusal, "earlier": earlier, "lists": field_lists(matrix)}
    context |= {"chart": matrix_chart(matrix, Organisation.current().currency)}
    context |= {"axes_y": Y_AXES.items(), "axes_x": X_AXES.items(), "shows": SHOWS.items()}
    return render(request, "portfolio/matrix.html", context, status=422 if refusal else 200)


def asked_of(query: Any, earlier: list[ScoreRun]) -> Asked:
    """Return what an address asks for; a run to compare with must be an earlier one."""
    wanted, compare = query.get("compare", ""), None
    if wanted:
        compare = next((run for run in earlier if str(run.pk) == wanted), None)
        compare = compare or get_object_or_404(ScoreRun.objects.none())
    return Asked(query.get("y") or "score", query.get("x", ""), query.get("show") or "relevant", compare)
