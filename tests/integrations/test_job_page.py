"""What the page of a job offers: nothing that would be refused to whoever reads it."""

import re
from typing import Any

import pytest

from kam.integrations.models import Job

pytestmark = pytest.mark.django_db


def test_a_viewer_finds_no_way_to_what_is_refused_to_her(sign_in: Any, rita: Any, dana: Any) -> None:
    imported = Job.objects.create(
        kind="imports.commit", state="succeeded", payload={"batch": "0192f0c0-0000-7000-8000-000000000000"}
    )
    failed = Job.objects.create(kind="imports.commit", state="failed")
    waiting = Job.objects.create(kind="imports.commit")
    offers = [
        (imported, "/imports/0192f0c0"),
        (failed, f"/jobs/{failed.pk}/retry/"),
        (waiting, f"/jobs/{waiting.pk}/cancel/"),
    ]
    for person, offered in ((dana, True), (rita, False)):
        browser = sign_in(person)
        pages = [(browser.get(f"/jobs/{job.pk}/").content.decode(), way) for job, way in offers]
        assert [way in page for page, way in pages] == [offered] * 3


def test_asking_again_replaces_the_whole_job_and_leaves_the_focus_on_its_button(
    sign_in: Any, dana: Any
) -> None:
    job = Job.objects.create(kind="imports.commit", state="running")
    answer = sign_in(dana).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    card = re.search(f'<div class="card job" id="job-{job.pk}"[^>]*>', answer)
    assert answer.lstrip().startswith('<div id="job"')
    assert card and 'hx-target="#job"' in card[0]
    assert f'id="cancel-{job.pk}"' in answer


def test_the_whole_page_is_asked_for_once_the_job_is_over(sign_in: Any, dana: Any) -> None:
    job = Job.objects.create(kind="imports.commit", state="running", created_by=dana)
    asked = {"HX-Request": "true"}
    client = sign_in(dana)
    assert "HX-Refresh" not in client.get(f"/jobs/{job.pk}/", headers=asked).headers
    Job.objects.update(state="succeeded")
    assert client.get(f"/jobs/{job.pk}/", headers=asked).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(f"/jobs/{job.pk}/").headers


def test_only_a_job_at_work_says_that_it_stops_later(sign_in: Any, dana: Any) -> None:
    for state, told in (("queued", 0), ("running", 1)):
        job = Job.objects.create(kind="imports.commit", state=state, created_by=dana)
        answer = sign_in(dana).post(f"/jobs/{job.pk}/cancel/", follow=True)
        assert len(answer.context["messages"]) == told
