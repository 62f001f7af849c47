"""A playbook is retired and brought back; where it is running it goes on."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Activity, Task
from goals.actions.playbooks import Step, retire_playbook, save_playbook, start_playbook
from goals.models import Playbook
from goals.plan_forms import StartPlaybookForm
from kam.lib.errors import Conflict, DomainError, InvalidInput
from tests.factories import make_account

DAY = date(2026, 6, 1)


@pytest.fixture
def playbook(alice: Any) -> Playbook:
    return save_playbook(None, name="First 90 days", purpose="", steps=[Step("Call")], by=alice)


def address(name: str, playbook: Playbook) -> str:
    return reverse(f"goals:{name}", args=[playbook.pk])


def test_a_retired_playbook_is_offered_no_more_and_its_runs_go_on(
    account: Any, alice: Any, playbook: Playbook
) -> None:
    run = start_playbook(playbook, account, on=DAY, by=alice)
    retire_playbook(playbook, by=alice)
    assert playbook not in StartPlaybookForm().fields["playbook"].queryset
    assert account.playbook_runs.running().get() == run and Task.objects.open().count() == 1
    with pytest.raises(DomainError) as refused:
        start_playbook(playbook, make_account(), on=DAY, by=alice)
    assert refused.value.code == "playbook_retired"


def test_retiring_twice_is_once_and_an_older_version_is_refused(alice: Any, playbook: Playbook) -> None:
    retire_playbook(playbook, by=alice)
    retire_playbook(playbook, by=alice)
    assert Activity.objects.filter(verb="playbook.retired").count() == 1
    with pytest.raises(Conflict):
        retire_playbook(playbook, by=alice, expected_version=playbook.version - 1)


def test_retired_twice_at_the_same_moment_is_once(alice: Any, playbook: Playbook) -> None:
    late = Playbook.objects.get(pk=playbook.pk)
    retire_playbook(playbook, by=alice)
    assert retire_playbook(late, by=alice).archived_at is not None
    assert Activity.objects.filter(verb="playbook.retired").count() == 1


def test_writing_it_anew_does_not_bring_back_what_a_colleague_retired(alice: Any, playbook: Playbook) -> None:
    retire_playbook(Playbook.objects.get(pk=playbook.pk), by=alice)
    with pytest.raises(Conflict):
        save_playbook(playbook, name="First 100 days", purpose="", steps=[Step("Call")], by=alice)
    playbook.refresh_from_db()
    assert playbook.archived_at is not None and playbook.name == "First 90 days"


def test_the_page_keeps_what_a_colleague_wrote_meanwhile(
    sign_in: Any, alice: Any, playbook: Playbook
) -> None:
    client, edit = sign_in(alice), address("playbook_edit", playbook)
    seen = client.get(edit).context["form"]["version"].value()
    save_playbook(playbook, name="First 60 days", purpose="", steps=[Step("Visit")], by=alice)
    body = {"name": "First 30 days", "version": seen, "steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 1}
    body |= {"steps-0-title": "Call", "steps-0-day_offset": 0, "steps-0-function": "kam"}
    assert client.post(edit, body).context["form"].non_field_errors()
    assert Playbook.objects.get().name == "First 60 days"
    assert client.post(edit, body | {"version": seen + 1}).status_code == 302


def test_where_all_are_retired_the_page_says_so(sign_in: Any, alice: Any, playbook: Playbook) -> None:
    client, page = sign_in(alice), reverse("goals:playbooks")
    retire_playbook(playbook, by=alice)
    said = client.get(page).text
    assert "Alle Playbooks sind außer Einsatz" in said and "Noch kein Playbook" not in said
    playbook.delete()
    assert "Noch kein Playbook" in client.get(page).text


def test_the_name_of_a_retired_playbook_says_where_it_is(alice: Any, playbook: Playbook) -> None:
    retire_playbook(playbook, by=alice)
    with pytest.raises(InvalidInput) as refused:
        save_playbook(None, name="First 90 days", purpose="", steps=[Step("Call")], by=alice)
    with override("en"):
        assert "Bring it back" in str(refused.value)


def test_a_playbook_is_retired_on_its_page_and_the_toast_takes_it_back(
    sign_in: Any, alice: Any, playbook: Playbook
) -> None:
    client, page = sign_in(alice), reverse("goals:playbooks")
    assert address("playbook_retire", playbook) in client.get(page).text
    said = client.post(address("playbook_retire", playbook), follow=True).text
    assert address("playbook_restore", playbook) in said and f'id="p{playbook.pk}"' not in said
    assert address("playbook_restore", playbook) in client.get(page, {"retired": "1"}).text
    client.post(address("playbook_restore", playbook))
    playbook.refresh_from_db()
    assert playbook.archived_at is None
    assert Activity.objects.filter(verb="playbook.restored").count() == 1


def test_a_playbook_is_retired_over_the_api(api: Any, alice: Any, playbook: Playbook) -> None:
    client, url = api(alice), f"/api/v1/playbooks/{playbook.pk}/"
    old = client.get(url)["ETag"]
    retired = client.post(f"{url}retire/", headers={"If-Match": old})
    assert retired.json()["archived_at"] and retired["ETag"] != old
    assert client.post(f"{url}restore/", headers={"If-Match": old}).status_code == 412
    assert client.get("/api/v1/playbooks/").json()["results"] == []
    assert len(client.get("/api/v1/playbooks/?archived=true").json()["results"]) == 1
    assert client.get(url).json()["archived_at"]
    assert client.post(f"{url}restore/").json()["archived_at"] is None


def test_a_retired_playbook_is_not_started_over_the_api(
    api: Any, alice: Any, account: Any, playbook: Playbook
) -> None:
    retire_playbook(playbook, by=alice)
    refused = api(alice).post(f"/api/v1/accounts/{account.pk}/playbooks/", {"playbook": str(playbook.pk)})
    assert (refused.status_code, refused.json()["code"]) == (409, "playbook_retired")


def test_the_page_of_playbooks_needs_the_same_queries_at_two_sizes(
    sign_in: Any, alice: Any, playbook: Playbook, django_assert_num_queries: Any
) -> None:
    client, page = sign_in(alice), reverse("goals:playbooks")
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for number in range(6):
        save_playbook(None, name=f"Play {number}", purpose="", steps=[Step("Call")], by=alice)
    with django_assert_num_queries(len(few)):
        client.get(page)


def test_support_staff_retires_and_brings_back(sign_in: Any, dana: Any, playbook: Playbook) -> None:
    client, url = sign_in(dana), reverse("admin:goals_playbook_changelist")
    for action, kept in (("retire", 0), ("restore", 1)):
        client.post(url, {"action": action, "_selected_action": [str(playbook.pk)]})
        assert Playbook.objects.current().count() == kept
