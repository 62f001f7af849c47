"""The clock: each nightly job once a night, whatever the number of beats."""

import os
from datetime import UTC, datetime, time

import pytest

from kam.integrations import jobs, schedule
from kam.integrations.models import Job
from kam.integrations.tasks import tick

pytestmark = pytest.mark.django_db


@jobs.job_kind("test.nightly", "Nightly")
def nightly(run: jobs.JobRun) -> dict:
    return {}


@pytest.fixture(autouse=True)
def _one_entry(monkeypatch, settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    monkeypatch.setattr(schedule, "_nightly", [schedule.Nightly("test.nightly", time(2, 30))])


def started_at(*moment: int) -> int:
    return len(schedule.start_due(datetime(*moment, tzinfo=UTC)))


def test_it_starts_at_its_local_time() -> None:
    assert (started_at(2026, 11, 25, 1, 29), started_at(2026, 11, 25, 1, 31)) == (0, 1)


def test_two_beats_start_it_once() -> None:
    started_at(2026, 11, 25, 1, 31)
    started_at(2026, 11, 25, 1, 32)
    assert Job.objects.count() == 1


def test_it_starts_again_the_next_night() -> None:
    started_at(2026, 11, 25, 1, 31)
    Job.objects.update(state="succeeded", key=None)
    assert started_at(2026, 11, 26, 1, 31) == 1


def test_a_machine_switched_on_at_noon_leaves_it_to_the_next_night() -> None:
    assert started_at(2026, 11, 25, 11, 0) == 0


def test_the_night_the_clocks_change_has_one_run() -> None:
    hours = [started_at(2026, 10, 25, hour, 31) for hour in (0, 1, 2)]
    assert sum(hours) == 1


def test_the_tick_removes_uploads_that_a_killed_process_left_and_no_others(db, settings, tmp_path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    left, running = tmp_path / "a.upload.csv", tmp_path / "b.upload.csv"
    left.touch()
    running.touch()
    os.utime(left, (0, 0))
    tick()
    assert list(tmp_path.iterdir()) == [running]
