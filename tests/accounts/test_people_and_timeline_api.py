"""Contacts, offerings, activities and tasks over the API."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Activity, Contact, Task
from tests.factories import make_account, make_contact, make_line, make_offering

CONTACTS, OFFERINGS = "/api/v1/contacts/", "/api/v1/offerings/"
ACTIVITIES, TASKS = "/api/v1/activities/", "/api/v1/tasks/"


@pytest.fixture
def person(account: Any) -> dict[str, Any]:
    return {
        "account": str(account.pk),
        "last_name": "Größe",
        "emails": [{"address": "b@example.com"}, {"address": "a@example.com", "is_primary": True}],
        "phones": [{"number": "+49 221 123456", "kind": "mobile"}],
    }


def test_it_creates_a_person(api: Any, bob: Any, person: Any) -> None:
    answer = api(bob).post(CONTACTS, person)
    assert answer.status_code == 201
    assert answer.json()["emails"] == [
        {"address": "a@example.com", "is_primary": True},
        {"address": "b@example.com", "is_primary": False},
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"last_name": ""}, "/last_name"),
        ({"account": "0192f0c0-0000-7000-8000-000000000000"}, "/account"),
        ({"emails": [{"address": "x"}]}, "/emails/0/address"),
        ({"emails": "x"}, "/emails"),
        ({"phones": [{"number": "1"}]}, "/phones"),
        ({"language": "fr"}, "/language"),
        ({"left_on": "soon"}, "/left_on"),
        ({"shoe_size": 42}, "/shoe_size"),
    ],
)
def test_a_bad_person_is_refused(api: Any, alice: Any, person: Any, change: Any, pointer: str) -> None:
    answer = api(alice).post(CONTACTS, person | change)
    assert answer.status_code == 422
    assert any(error["pointer"].startswith(pointer) for error in answer.json()["errors"])


def test_a_person_at_a_foreign_account_is_refused(api: Any, charlie: Any, rita: Any, person: Any) -> None:
    assert api(charlie).post(CONTACTS, person).status_code == 422
    assert api(rita).post(CONTACTS, person).status_code == 403


def test_it_changes_lists_and_deletes_a_person(api: Any, alice: Any, account: Any) -> None:
    contact, client = make_contact(account), api(alice)
    address = f"{CONTACTS}{contact.pk}/"
    answer = client.patch(address, {"emails": [{"address": "n@example.com"}]}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert client.get(f"{CONTACTS}?email=N@example.com").json()["results"][0]["id"] == str(contact.pk)
    assert client.patch(address, {"note": "x"}, headers={"If-Match": '"1"'}).status_code == 412
    for part, field in (("emails", "address"), ("phones", "number")):
        refused = client.patch(address, {part: [{}]})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"/{part}/0/{field}")
    assert [client.delete(address).status_code for _turn in range(2)] == [204, 404]


def test_an_outsider_does_not_find_a_person(api: Any, charlie: Any, account: Any) -> None:
    contact, client = make_contact(account), api(charlie)
    assert client.get(f"{CONTACTS}{contact.pk}/").status_code == 404
    assert client.get(CONTACTS).json()["results"] == []


@pytest.mark.parametrize(
    "address", [f"{CONTACTS}?expand=account", ACTIVITIES, f"{TASKS}?expand=account,assignee", OFFERINGS]
)
def test_the_number_of_queries_does_not_grow(api: Any, alice: Any, account: Any, address: str) -> None:
    client, counts = api(alice), []
    client.get("/api/v1/me/")  # notes the key's use, once in five minutes
    for size in (2, 20):
        for _number in range(size):
            contact = make_contact(account)
            contact.emails.create(address="a@example.com")
            Activity.objects.create(account=account, verb="note", actor=alice, contact=contact)
            Task.objects.create(account=account, title="Call", assignee=alice)
            make_offering(parent=make_offering())
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_leaders_and_operations_keep_the_catalogue(api: Any, dana: Any, alice: Any) -> None:
    body = {"code": "P-1", "name": "Press", "kind": "goods"}
    assert api(alice).post(OFFERINGS, body).status_code == 403
    client = api(dana)
    made = client.post(OFFERINGS, body)
    assert made.status_code == 201
    assert client.post(OFFERINGS, body).json()["code"] == "code_taken"
    address = f"{OFFERINGS}{made.json()['id']}/"
    assert client.patch(address, {"is_active": False}).json()["is_active"] is False
    assert client.delete(address).status_code == 204


def test_an_offering_that_was_sold_stays(api: Any, dana: Any, account: Any) -> None:
    offering = make_offering()
    make_line(account, offering=offering)
    assert api(dana).delete(f"{OFFERINGS}{offering.pk}/").status_code == 409


def test_it_logs_a_call(api: Any, bob: Any, account: Any) -> None:
    contact = make_contact(account)
    body = {
        "account": str(account.pk),
        "verb": "call",
        "body": "Prices",
        "contact": str(contact.pk),
        "minutes": 5,
    }
    answer = api(bob).post(ACTIVITIES, body)
    assert (answer.status_code, answer.json()["actor"]) == (201, str(bob.pk))


@pytest.mark.parametrize(
    "change",
    [
        {"body": ""},
        {"verb": "account.deleted"},
        {"minutes": 0},
        {"minutes": "many"},
        {"visibility": "public"},
        {"occurred_at": "2999-01-01T00:00:00Z"},
        {"occurred_at": "soon"},
        {"occurred_at": "0001-01-01"},  # the day before in UTC
        {"contact": "x"},
    ],
)
def test_a_bad_entry_is_refused(api: Any, alice: Any, account: Any, change: Any) -> None:
    body = {"account": str(account.pk), "body": "Prices"} | change
    assert api(alice).post(ACTIVITIES, body).status_code == 422
    assert not Activity.objects.exists()


def test_the_timeline_is_filtered(api: Any, alice: Any, account: Any, charlie: Any) -> None:
    for verb in ("note", "call", "account.updated"):
        Activity.objects.create(account=account, verb=verb, actor=alice)
    Activity.objects.create(account=make_account(owner=charlie), verb="note", actor=charlie)

    def found(query: str) -> int:
        return len(api(alice).get(f"{ACTIVITIES}?{query}").json()["results"])

    assert [
        found(""),
        found("kind=logged"),
        found("kind=changes"),
        found("kind=call"),
        found("actor=me"),
    ] == [3, 2, 1, 1, 3]


def test_a_task_lives(api: Any, bob: Any, account: Any) -> None:
    client = api(bob)
    body = {
        "account": str(account.pk),
        "title": "Send prices",
        "due_on": "2026-03-01",
        "assignee": str(bob.pk),
    }
    made = client.post(TASKS, body)
    address = f"{TASKS}{made.json()['id']}/"
    assert client.patch(address, {"title": "Send the prices"}).json()["version"] == 2
    assert client.post(f"{address}complete/").json()["done_by"] == str(bob.pk)
    assert client.post(f"{address}complete/").status_code == 200
    assert client.get(f"{TASKS}?done=false").json()["results"] == []
    assert client.post(f"{address}reopen/").json()["done_at"] is None
    assert Activity.objects.count() == 4


@pytest.mark.parametrize(
    "change", [{"title": ""}, {"due_on": "31.02.2026"}, {"assignee": "x"}, {"done_at": "2026-01-01"}]
)
def test_a_bad_task_is_refused(api: Any, alice: Any, account: Any, change: Any) -> None:
    body = {"account": str(account.pk), "title": "Call"} | change
    assert api(alice).post(TASKS, body).status_code == 422
    assert not Task.objects.exists()


def test_an_outsider_and_a_viewer_cannot_complete(api: Any, charlie: Any, rita: Any, account: Any) -> None:
    address = f"{TASKS}{Task.objects.create(account=account, title='Call').pk}/complete/"
    assert [api(person).post(address).status_code for person in (charlie, rita)] == [404, 403]


def test_a_stale_task_is_not_completed(api: Any, alice: Any, account: Any) -> None:
    address = f"{TASKS}{Task.objects.create(account=account, title='Call').pk}/"
    client = api(alice)
    client.patch(address, {"title": "Write"})
    answer = client.post(f"{address}complete/", headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["current"]["title"]) == (412, "Write")


def test_a_person_moves_to_no_other_account(api: Any, alice: Any, account: Any) -> None:
    contact = make_contact(account)
    body = {"account": str(make_account(owner=alice).pk)}
    assert api(alice).patch(f"{CONTACTS}{contact.pk}/", body).status_code == 422
    assert Contact.objects.get().account == account
