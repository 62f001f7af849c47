"""How the ranking moved, and why a total is another one than before or than a neighbour's."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kam.lib.formatting import date as day_text
from kam.users.models import Organisation
from kam.users.policy import policy
from scoring.comparison import compare, runs_of, score_in, with_new_ratings
from scoring.explain import items_of
from scoring.history import bump_chart, history, waterfall_chart
from scoring.models import Score, ScoreRun
from scoring.ranking_page import as_uuid
from scoring.robustness import tie_between
from scoring.sure_words import pair_words


@policy("GET")
def rank_history(request: HttpRequest) -> HttpResponse:
    """Who moved in the ranking?"""
    run = ScoreRun.objects.latest()
    context: dict[str, Any] = {"run": run}
    if run is not None:
        chosen = [pk for pk in map(as_uuid, request.GET.getlist("account")) if pk]
        found = history(request.user, run, chosen)
        context |= {"history": found, "chart": bump_chart(found), "chosen": chosen}
    return render(request, "scoring/history.html", context)


@policy("GET", about="ranked_account")
def score_change(request: HttpRequest, pk: Any, account: Any) -> HttpResponse:
    """Why is the total another one than before, or than a neighbour's?"""
    run = get_object_or_404(ScoreRun.objects.visible_to(request.user).select_related("model"), pk=pk)
    after = score_in(run, account, request.user)
    if after is None:
        raise Http404
    runs = [each for each in runs_of(run) if each.pk != run.pk]
    before = _other(request, run, after, runs)
    context: dict[str, Any] = {"run": run, "score": after, "runs": runs, "before": before}
    context["neighbours"] = _neighbours(after, request.user)
    if before is not None:
        found = compare(before, after, Organisation.current().currency)
        is_earlier = before.account_id == after.account_id
        found = with_new_ratings(found, request.user) if is_earlier else found
        context |= {"comparison": found, "is_earlier": is_earlier}
        context["chart"] = waterfall_chart(found, _names(before, after, is_earlier))
        if not is_earlier:
            context["tie"] = pair_words(tie_between(after, before, run), items_of(run))
    return render(request, "scoring/change.html", context)


def _other(request: HttpRequest, run: ScoreRun, after: Score, runs: list[ScoreRun]) -> Score | None:
    """Return the score to compare with: another account's in this run, or the account's own in an earlier one."""
    if rival := request.GET.get("with", ""):
        found = score_in(run, as_uuid(rival), request.user)
        if found is None:
            raise Http404
        return found
    if asked := request.GET.get("since", ""):
        earlier = next((each for each in runs if str(each.pk) == asked), None)
        if earlier is None:
            raise Http404
        return score_in(earlier, after.account_id, request.user)
    return next(
        filter(None, (score_in(r, after.account_id, request.user) for r in reversed(runs[-3:]))), None
    )


def _names(before: Score, after: Score, is_earlier: bool) -> tuple[str, str]:
    if is_earlier:
        return day_text(before.run.as_of), day_text(after.run.as_of)
    return before.account.display_name, after.account.display_name


def _neighbours(score: Score, user: Any) -> list[Score]:
    around = Score.objects.of_run(score.run).for_ranking().visible_to(user)
    near = around.filter(position__range=(score.position - 4, score.position + 4))
    return list(near.exclude(account=score.account_id))
