"""The ranking of a run, why an account stands where it stands, and the ranking as a file."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kam.integrations.models import Job
from kam.lib import formatting
from kam.lib.forms import tried
from kam.lib.tabular.download import table_response
from kam.lib.tabular.export import Sheet
from kam.users.policy import PLANNERS, policy
from scoring.actions import runs
from scoring.explain import evidence, explained, items_of
from scoring.forms import RunForm
from scoring.models import Score, ScoreRun
from scoring.permissions import can_run
from scoring.provisional import provisional_words
from scoring.ranking_page import Ranking, as_uuid, asked_run, narrowed, ranking_of
from scoring.sure_page import account_words

PER_PAGE = 50


@policy("GET")
def ranking(request: HttpRequest) -> HttpResponse:
    """Who are our key accounts, how sure are we, and why does A stand before B?"""
    run = asked_run(request.GET.get("run", ""))
    context: dict[str, Any] = {"run": run, "runs": ScoreRun.objects.finished().for_list().newest_first()[:30]}
    context |= {"run_form": RunForm(), "can_run": can_run(request.user)}
    if run is None or run.finished_at is None:
        return render(request, "scoring/ranking.html", context | _job_of(run, request.user))
    shown = ranking_of(run)
    page = Paginator(_scores(request, shown), PER_PAGE).get_page(request.GET.get("page"))
    context |= {"ranking": shown, "page": page, "rows": list(shown.rows(page.object_list))}
    return render(request, "scoring/ranking.html", context | _asked_why(request, run))


@policy("GET", about="score_run")
def run_progress(request: HttpRequest, pk: Any) -> HttpResponse:
    """The card of a run's job, as its page asks for it; when the run is over the page goes on to the ranking."""
    run = get_object_or_404(ScoreRun.objects.visible_to(request.user).for_list(), pk=pk)
    address = f"{_ranking_url()}?run={run.pk}"
    if not request.headers.get("HX-Request"):
        return redirect(address)
    if run.finished_at is not None:
        return HttpResponse(headers={"HX-Redirect": address})
    return render(request, "scoring/_run_progress.html", {"run": run} | _job_of(run, request.user))


@policy("POST", write=PLANNERS)
def run_start(request: HttpRequest) -> HttpResponse:
    """Start a run of the chosen model."""
    form = RunForm(request.POST)
    if form.is_valid():
        model, day = form.cleaned_data["model"], form.cleaned_data["as_of"]
        if run := tried(form, lambda: runs.create_run(model, as_of=day, by=request.user)):
            return redirect(f"{_ranking_url()}?run={run.pk}")
    return render(request, "scoring/run_form.html", {"form": form})


@policy("GET", about="ranked_account")
def why(request: HttpRequest, pk: Any, account: Any) -> HttpResponse:
    """Why 7.4? The parts of one score with the evidence behind them."""
    run = get_object_or_404(ScoreRun.objects.visible_to(request.user).select_related("model"), pk=pk)
    scores = Score.objects.visible_to(request.user).for_ranking()
    score = get_object_or_404(scores.of_run(run), account=account)
    context = _why(score, run, request.user)
    template = "scoring/_why.html" if request.headers.get("HX-Request") else "scoring/why.html"
    return render(request, template, context)


@policy("GET")
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The ranking as the page's filters show it, as CSV or XLSX."""
    run = asked_run(request.GET.get("run", ""))
    if run is None or run.finished_at is None:
        messages.info(request, _("There is no ranking to export yet."))
        return redirect("scoring:ranking")
    shown = ranking_of(run)
    header, rows = _table(shown, _scores(request, shown))
    return table_response(f"ranking-{run.as_of.isoformat()}", Sheet(_("Ranking"), header, rows), kind)


def _job_of(run: ScoreRun | None, user: Any) -> dict[str, bool]:
    """Whether a reader may stop the job of a run, and look at it."""
    job = run.job_id if run else None
    return {
        "may_steer": Job.objects.cancellable_by(user).filter(pk=job).exists(),
        "may_see_job": Job.objects.visible_to(user).filter(pk=job).exists(),
    }


def _scores(request: HttpRequest, shown: Ranking) -> Any:
    scores = Score.objects.visible_to(request.user).of_run(shown.run).for_ranking()
    return narrowed(scores, shown, request.GET.dict(), request.user)


def _asked_why(request: HttpRequest, run: ScoreRun) -> dict[str, Any]:
    asked = as_uuid(request.GET.get("why", ""))
    found = Score.objects.of_run(run).for_ranking().visible_to(request.user).filter(account=asked)
    score = found.first() if asked else None
    return _why(score, run, request.user) if score else {}


def _why(score: Score, run: ScoreRun, user: Any) -> dict[str, Any]:
    context = {"explanation": explained(score, run, items_of(run)), "run": run}
    context |= {"evidence": evidence(score.account, run, user), "sure": account_words(score, run, user)}
    return context | {"provisional": provisional_words(score.account, run)}


def _table(shown: Ranking, scores: Any) -> tuple[list[str], Iterator[list[Any]]]:
    header = [_("Rank"), _("Account"), _("Total"), _("Previous rank"), _("Completeness"), _("Low"), _("High")]
    header += [f"{item.criterion.name} ({formatting.percent(item.weight)})" for item in shown.items]
    rows = (
        [
            *(row.score.rank, row.score.account.display_name, row.score.total, row.score.previous_rank),
            *(row.score.completeness, row.score.low, row.score.high),
            *(part.rating for part in row.why.parts),
        ]
        for row in shown.rows(scores)
    )
    return header, rows


def _ranking_url() -> str:
    return reverse("scoring:ranking")
