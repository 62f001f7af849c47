"""A ranking stands also when how sure it is could not be computed: people read that, and have it computed again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from kam.integrations import jobs
from kam.integrations.models import Job
from scoring.actions.runs import compute_run, create_run
from scoring.models import Score, ScoreRun
from tests.factories import make_criterion, make_model, make_rating, make_run, make_user

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
MISSING = "The ranking stands, but how sure its places are has not been computed."
STEPS = ("certainty_rows", "keep_robustness")


@pytest.fixture
def model(account: Any, alice: Any) -> Any:
    criterion = make_criterion()
    make_rating(account, criterion, alice, 7)
    return make_model((criterion, 1.0), cut_value=1)


@pytest.fixture
def unsure(model: Any) -> Any:
    """Return a run whose certainty nobody could compute."""
    with failing("certainty_rows"):
        return make_run(model)


@contextmanager
def failing(step: str) -> Iterator[None]:
    """Let one of the two steps run out of memory."""

    def fail(*args: Any, **values: Any) -> Any:
        raise MemoryError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"scoring.actions.certainty.{step}", fail)
        yield


@pytest.mark.parametrize("step", STEPS)
def test_the_scores_are_kept_and_the_job_succeeds(model: Any, dana: Any, step: str) -> None:
    run = create_run(model, as_of=date(2026, 6, 30), by=dana)
    with failing(step):
        job = jobs.run(run.job_id)
    assert job is not None and job.result is not None
    assert (job.state, job.result["certainty"]) == (Job.State.SUCCEEDED, False)
    run.refresh_from_db()
    assert run.lacks_certainty
    assert Score.objects.filter(run=run).count() == 1


def test_the_pages_say_so_and_offer_it_to_those_who_may_run(sign_in: Any, unsure: Any, dana: Any) -> None:
    browser = sign_in(dana)
    for page in ("ranking", "sure"):
        text = browser.get(f"/scoring/{page}/?run={unsure.pk}", headers=ENGLISH).content.decode()
        assert MISSING in text and f"/scoring/runs/{unsure.pk}/certainty/" in text
    account = unsure.scores.get().account_id
    assert (
        MISSING in browser.get(f"/scoring/runs/{unsure.pk}/why/{account}/", headers=ENGLISH).content.decode()
    )
    assert browser.get("/scoring/ranking/", headers=ENGLISH).context["rows"]


def test_a_viewer_reads_it_without_the_button(sign_in: Any, unsure: Any) -> None:
    browser = sign_in(make_user(role="viewer"))
    text = browser.get("/scoring/sure/", headers=ENGLISH).content.decode()
    assert MISSING in text and "Compute again" not in text
    assert browser.post(f"/scoring/runs/{unsure.pk}/certainty/").status_code == 403


def test_computing_it_again_shows_the_work_and_then_the_figures(sign_in: Any, unsure: Any, dana: Any) -> None:
    browser, url = sign_in(dana), f"/scoring/runs/{unsure.pk}/certainty/"
    page = browser.post(url, follow=True, headers=ENGLISH).content.decode()
    assert f'hx-get="{url}"' in page and MISSING not in page
    asked = {**ENGLISH, "hx-request": "true"}
    assert f'hx-get="{url}"' in browser.get(url, headers=asked).content.decode()
    job = jobs.run(ScoreRun.objects.get(pk=unsure.pk).job_id)
    assert job is not None and job.result == {"id": str(unsure.pk), "certainty": True}
    assert browser.get(url, headers=asked).headers["HX-Refresh"] == "true"
    assert browser.get("/scoring/sure/", headers=ENGLISH).context["counts"]["firm_in"] == 1


def test_the_api_refuses_to_guess_and_starts_it_again(api: Any, unsure: Any, dana: Any) -> None:
    client, url = api(dana), f"/api/v1/score-runs/{unsure.pk}/stability/"
    refused = client.get(url, headers=ENGLISH)
    assert (refused.status_code, refused.json()["code"]) == (409, "certainty_missing")
    started = client.post(url)
    assert started.status_code == 202
    jobs.run(started.json()["job"])
    assert client.get(url).json()["results"][0]["p_top"] == 1.0


def test_a_run_with_the_same_inputs_makes_up_for_it(unsure: Any) -> None:
    again = make_run(unsure.model)
    assert (again.same_as, again.lacks_certainty) == (unsure, False)


def test_a_run_that_is_computed_anew_forgets_what_was_known(unsure: Any) -> None:
    ScoreRun.objects.update(certainty=[[1, 1, 0.0, None, None]], inputs="")
    unsure.refresh_from_db()
    compute_run(unsure)
    assert unsure.certainty[0][2] == 1.0


def test_leaders_start_it_from_the_panel(sign_in: Any, unsure: Any, dana: Any) -> None:
    browser, posted = sign_in(dana), {"action": "compute_certainty", "_selected_action": str(unsure.pk)}
    assert "icon-no" in browser.get("/admin/scoring/scorerun/").content.decode()
    browser.post("/admin/scoring/scorerun/", posted)
    jobs.run(ScoreRun.objects.get(pk=unsure.pk).job_id)
    assert "icon-yes" in browser.get("/admin/scoring/scorerun/").content.decode()


def test_the_command_says_so(model: Any) -> None:
    problems = StringIO()
    with failing("certainty_rows"):
        call_command("recompute_scores", stdout=StringIO(), stderr=problems)
    assert problems.getvalue().strip() != ""


def test_an_empty_run_lacks_nothing(dana: Any) -> None:
    assert not make_run(make_model((make_criterion(), 1.0))).lacks_certainty


def test_one_that_is_not_finished_is_refused(api: Any, model: Any, dana: Any) -> None:
    run = create_run(model, as_of=None, by=dana)
    answer = api(dana).post(f"/api/v1/score-runs/{run.pk}/stability/")
    assert (answer.status_code, answer.json()["code"]) == (409, "run_not_finished")
