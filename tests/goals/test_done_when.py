"""What a step of a playbook has to reach stands beside its task and is confirmed with the tick."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Activity, Task
from goals.actions.playbooks import Step, save_playbook, start_playbook


@pytest.fixture
def tasks(account: Any, alice: Any) -> dict[str, Task]:
    steps = [Step("Visit", 0, "kam", "Minutes sent"), Step("Call", 1)]
    playbook = save_playbook(None, name="First 90 days", purpose="", steps=steps, by=alice)
    start_playbook(playbook, account, on=date(2026, 6, 1), by=alice)
    return {task.title: task for task in Task.objects.all()}


def test_a_task_has_its_criterion_beside_its_reason(tasks: dict[str, Task]) -> None:
    assert (tasks["Visit"].reason, tasks["Visit"].done_when) == ("First 90 days", "Minutes sent")
    assert tasks["Call"].done_when == ""


def test_the_tick_asks_whether_it_is_so(sign_in: Any, alice: Any, tasks: dict[str, Task]) -> None:
    page = sign_in(alice).get(reverse("accounts:detail", args=[tasks["Visit"].account_id])).text
    assert f'commandfor="done-{tasks["Visit"].pk}"' in page and page.count("Minutes sent") == 2
    assert f'commandfor="done-{tasks["Call"].pk}"' not in page


def test_the_timeline_keeps_what_was_confirmed(sign_in: Any, alice: Any, tasks: dict[str, Task]) -> None:
    client = sign_in(alice)
    for task in tasks.values():
        client.post(reverse("accounts:task_complete", args=[task.pk]))
    said = {entry.subject_label: entry.details for entry in Activity.objects.filter(verb="task.completed")}
    assert said == {"Visit": {"done_when": "Minutes sent"}, "Call": {}}
    page = client.get(reverse("accounts:detail", args=[tasks["Visit"].account_id])).text
    assert page.count("Minutes sent") == 2


def test_the_form_of_a_task_changes_it(sign_in: Any, alice: Any, tasks: dict[str, Task]) -> None:
    client, task = sign_in(alice), tasks["Visit"]
    edit = reverse("accounts:task_edit", args=[task.pk])
    assert 'value="Minutes sent"' in client.get(edit).text
    client.post(edit, {"title": task.title, "version": task.version, "done_when": "Minutes read"})
    task.refresh_from_db()
    assert task.done_when == "Minutes read"
    client.post(
        reverse("accounts:task_create", args=[task.account_id]), {"title": "Ask", "done_when": "Answered"}
    )
    assert Task.objects.get(title="Ask").done_when == "Answered"


def test_programs_read_and_write_it(api: Any, alice: Any, tasks: dict[str, Task]) -> None:
    client, url = api(alice), f"/api/v1/tasks/{tasks['Visit'].pk}/"
    assert client.get(url).json()["done_when"] == "Minutes sent"
    assert client.patch(url, {"done_when": "Minutes read"}).json()["done_when"] == "Minutes read"
