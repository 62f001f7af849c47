"""The life of a job: one runner at a time, nothing lost, nothing done twice, an end that people understand."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from kam.integrations import jobs
from kam.integrations.models import Job
from kam.lib.errors import DomainError

pytestmark = pytest.mark.django_db
seen: list[str] = []


@jobs.job_kind("test.count", "Count")
def count(run: jobs.JobRun) -> dict:
    seen.append(str(run.job.pk))
    run.report(50, "Line %(line)s", line=7)
    return {"counted": run.payload.get("n", 1)}


@jobs.job_kind("test.refuse", "Refuse")
def refuse(run: jobs.JobRun) -> dict:
    raise DomainError("no", "Cancelled")


@jobs.job_kind("test.crash", "Crash")
def crash(run: jobs.JobRun) -> dict:
    raise RuntimeError("a secret detail")


@jobs.job_kind("test.stop", "Stop on the way")
def stop(run: jobs.JobRun) -> dict:
    run.report(50, "Line %(line)s", line=7)
    raise DomainError("no", "Not this line")


@jobs.job_kind("test.continue", "Continue")
def continue_(run: jobs.JobRun) -> dict:
    return {"from": run.cursor.get("row", 0)}


@pytest.fixture(autouse=True)
def _forget() -> None:
    seen.clear()


def queued(kind: str = "test.count", **values) -> Job:
    return Job.objects.create(kind=kind, **values)


def test_it_runs_to_the_end_and_keeps_the_result(alice) -> None:
    job = jobs.run_now("test.count", {"n": 3}, by=alice)
    assert (job.state, job.progress, job.result) == ("succeeded", 100, {"counted": 3})


def test_a_second_runner_finds_nothing_to_claim() -> None:
    job = queued()
    assert jobs.claim(job.pk) is not None
    assert jobs.claim(job.pk) is None


def test_a_finished_job_is_not_run_again() -> None:
    job = queued()
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert len(seen) == 1


def test_a_job_whose_lease_ran_out_is_taken_over_from_its_cursor() -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    job = queued("test.continue", state="running", attempts=1, lease_until=long_ago, cursor={"row": 40})
    assert jobs.run(job.pk).result == {"from": 40}


def test_a_job_under_a_living_lease_is_left_alone() -> None:
    job = queued(state="running", attempts=1, lease_until=timezone.now() + timedelta(minutes=1))
    assert jobs.run(job.pk) is None


def test_a_runner_that_lost_its_lease_can_write_no_more() -> None:
    job = jobs.claim(queued().pk)
    Job.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(jobs.LeaseLost):
        jobs.JobRun(job).report(10)


def test_a_job_that_died_three_times_is_given_up() -> None:
    job = queued(attempts=3)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == ("failed", "too_many_attempts")


def test_a_refusal_is_shown_in_the_readers_language() -> None:
    job = queued("test.refuse")
    jobs.run(job.pk)
    job.refresh_from_db()
    with translation.override("en"):
        assert (job.state, job.error_text) == ("failed", "Cancelled")


def test_a_crash_shows_no_inner_detail() -> None:
    job = queued("test.crash", max_attempts=1)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert "secret" not in job.error_text


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_tried_again_says_when() -> None:
    job = queued("test.crash", max_attempts=2)
    jobs.run(job.pk)
    job.refresh_from_db()
    with translation.override("de"):
        told = job.message_text
    assert (job.state, told) == (
        "queued",
        "Dieser Versuch ist gescheitert; der nächste beginnt in 30 Sekunden.",
    )


def test_a_finished_job_says_so_instead_of_what_it_was_last_busy_with() -> None:
    job = queued()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.message == "Finished at once"


def test_the_end_says_how_long_it_took() -> None:
    job = jobs.claim(queued().pk)
    job.started_at = timezone.now() - timedelta(seconds=12)
    jobs.finish(job, jobs._success(job, {}))
    job.refresh_from_db()
    assert job.message_text in ("Fertig nach 12 s", "Finished in 12 s")


def test_a_result_is_named_in_the_readers_words() -> None:
    job = Job(result={"as_of": "2026-11-25", "accounts": 1234, "id": "for programs"})
    with translation.override("de"):
        assert job.result_items == [("Stichtag", "25.11.2026"), ("Accounts", "1.234")]


def test_a_message_keeps_its_values_apart_from_its_words() -> None:
    job = queued("test.stop")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.message, job.message_params) == ("Line %(line)s", {"line": 7})


def test_a_queued_job_is_cancelled_at_once(alice) -> None:
    assert jobs.cancel(queued(), by=alice).state == "cancelled"


def test_a_running_job_stops_at_its_next_report(alice) -> None:
    job = jobs.claim(queued().pk)
    jobs.cancel(job, by=alice)
    with pytest.raises(jobs.JobCancelled):
        jobs.JobRun(job).report(10)


def test_one_key_is_one_job(alice) -> None:
    first = jobs.enqueue("test.count", by=alice, key="k")
    assert jobs.enqueue("test.count", by=alice, key="k") == first


def test_a_finished_job_frees_its_key(alice) -> None:
    first = jobs.enqueue("test.count", by=alice, key="k")
    jobs.run(first.pk)
    assert jobs.enqueue("test.count", by=alice, key="k") != first


def test_a_failed_job_can_be_run_again(alice) -> None:
    job = queued(state="cancelled", attempts=3, created_by=alice, message="Cancelled")
    again = jobs.retry(job, by=alice)
    assert (again.state, again.message_text) == ("queued", "")


def test_a_start_takes_back_what_was_running() -> None:
    job = queued(state="running", lease_until=timezone.now() + timedelta(minutes=1), attempts=1)
    jobs.recover_all()
    assert jobs.run(job.pk).state == "succeeded"


def test_the_tick_sends_again_what_no_worker_took() -> None:
    queued(sent_at=timezone.now() - timedelta(minutes=2), run_at=timezone.now() - timedelta(minutes=3))
    assert jobs.resend_due() == 1


def test_the_tick_leaves_alone_what_was_just_sent() -> None:
    queued(sent_at=timezone.now())
    assert jobs.resend_due() == 0
