"""The job kinds of this room; each calls one action."""

from datetime import date, time
from typing import Any

from django.utils.translation import gettext_noop

from kam.integrations.jobs import JobRun, job_kind
from kam.integrations.schedule import nightly
from scoring.actions import backtests, certainty, reviews, runs
from scoring.models import Backtest, ScoreRun


@job_kind("scoring.run", gettext_noop("Score run"))
def run(job: JobRun) -> dict[str, Any]:
    score_run = ScoreRun.objects.select_related("model", "created_by").get(pk=job.payload["run"])
    return runs.compute_run(score_run, report=job.report)


@job_kind("scoring.certainty", gettext_noop("How sure the ranking is"))
def find_certainty(job: JobRun) -> dict[str, Any]:
    score_run = ScoreRun.objects.select_related("model").get(pk=job.payload["run"])
    return certainty.find_certainty(score_run)


@job_kind("scoring.recompute", gettext_noop("Recompute all scores"))
def recompute(job: JobRun) -> dict[str, Any]:
    as_of = job.payload.get("as_of")
    day = date.fromisoformat(as_of) if as_of else None
    return runs.recompute(name=job.payload.get("model", ""), as_of=day, by=job.by, report=job.report)


@job_kind("scoring.backtest", gettext_noop("Back-test"))
def backtest(job: JobRun) -> dict[str, Any]:
    test = Backtest.objects.select_related("model").get(pk=job.payload["backtest"])
    return backtests.compute_backtest(test, report=job.report)


@job_kind("scoring.reviews", gettext_noop("Remind of yearly reviews"))
def remind(job: JobRun) -> dict[str, Any]:
    return reviews.remind_reviews()


# Before people look at Today.
nightly("scoring.reviews", time(4, 30))
# After the night's imports, before the first people look at the ranking.
nightly("scoring.recompute", time(4, 0))
