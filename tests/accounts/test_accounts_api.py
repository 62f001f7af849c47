"""Accounts over the API."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, Activity
from tests.factories import make_account, make_line, make_sales, make_user

LIST = "/api/v1/accounts/"


def url(account: Account) -> str:
    return f"{LIST}{account.pk}/"


def names(answer: Any) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


def test_it_lists_what_the_caller_sees(api: Any, account: Any, alice: Any, bob: Any, charlie: Any) -> None:
    make_account("Foreign", owner=charlie)
    assert names(api(alice).get(LIST)) == names(api(bob).get(LIST)) == [account.name]
    assert names(api(charlie).get(LIST)) == ["Foreign"]


@pytest.mark.parametrize(
    "query",
    [
        "q=MUELLER",
        "status=active",
        "owner=me",
        "kam=none",
        "key=false",
        "country=",
        "external_id=C-1",
        "external_id=C-1&source=erp",
        "source=erp",
        "domain=mueller.example",
        "updated_since=2020-01-01T00:00:00Z",
        "updated_since=2020-01-01",
    ],
)
def test_a_filter_finds_it(api: Any, alice: Any, query: str) -> None:
    account = make_account(
        "Müller GmbH", owner=alice, external_id="C-1", source="erp", domain="mueller.example"
    )
    assert names(api(alice).get(f"{LIST}?{query}")) == [account.name]


@pytest.mark.parametrize(
    "query",
    [
        "q=Meier",
        "status=prospect",
        "owner=none",
        "key=true",
        "external_id=C-2",
        "external_id=C-1&source=crm",
        "source=crm",
        "updated_since=2999-01-01",
        "country=France",
        "industry=Chemicals",
    ],
)
def test_a_filter_leaves_it_out(api: Any, alice: Any, query: str) -> None:
    make_account("Müller GmbH", owner=alice, external_id="C-1", source="erp")
    assert names(api(alice).get(f"{LIST}?{query}")) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("colour=red", 400),
        ("order=sales", 400),
        ("expand=secrets", 400),
        ("status=lost", 422),
        ("owner=x", 422),
        ("updated_since=yesterday", 422),
        ("parent=7", 422),
        ("limit=0", 400),
        ("cursor=abc", 400),
        ("q=a&q=b", 400),
    ],
)
def test_a_bad_query_is_refused_as_a_problem(
    api: Any, account: Any, alice: Any, query: str, status: int
) -> None:
    answer = api(alice).get(f"{LIST}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_group_holds_its_subsidiaries(api: Any, account: Any, alice: Any) -> None:
    make_account("Subsidiary", owner=alice, parent=account, ultimate_parent=account)
    assert names(api(alice).get(f"{LIST}?group={account.pk}")) == [account.name, "Subsidiary"]


@pytest.mark.parametrize("order", ["name", "-name", "-created", "updated", "-revenue", "revenue"])
def test_every_ordering_walks_each_account_once(api: Any, alice: Any, order: str) -> None:
    made = {make_account(f"Same {number % 3}", owner=alice).pk.hex for number in range(7)}
    client, next_page, seen = api(alice), f"{LIST}?limit=2&order={order}", []
    while next_page:
        page = client.get(next_page).json()
        seen += [row["id"].replace("-", "") for row in page["results"]]
        next_page = page["next"]
    assert (len(seen), set(seen)) == (7, made)


def test_the_most_revenue_of_the_last_year_comes_first(api: Any, alice: Any) -> None:
    small, large, _none = (make_account(name, owner=alice) for name in ("Small", "Large", "None"))
    for account, amount in ((small, "9.5"), (large, "100")):
        make_sales(account, [(amount, timezone.localdate())])
    assert names(api(alice).get(f"{LIST}?order=-revenue")) == ["Large", "Small", "None"]


@pytest.mark.parametrize("expand", ["", "owner,kam,team,parent"])
def test_the_number_of_queries_does_not_grow(api: Any, alice: Any, team: Any, expand: str) -> None:
    client, counts = api(alice), []
    client.get("/api/v1/me/")  # notes the key's use, once in five minutes
    for size in (3, 20):
        for number in range(size):
            parent = make_account(owner=alice)
            make_account(owner=alice, team=team, kam=alice, parent=parent, external_id=f"{size}-{number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"{LIST}?limit=200&expand={expand}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_a_parent_out_of_reach_is_not_named(api: Any, alice: Any, charlie: Any) -> None:
    make_account("Child", owner=alice, parent=make_account("Secret Holding", owner=charlie))
    answer = api(alice).get(f"{LIST}?expand=parent")
    assert "Secret" not in answer.content.decode()


def test_it_creates_an_account(api: Any, alice: Any) -> None:
    body = {
        "name": "Größe AG",
        "domain": "https://www.groesse.de",
        "latitude": "50.9375",
        "longitude": "6.9603",
        "external_ids": [{"source": "erp", "external_id": "C-9"}],
    }
    answer = api(alice).post(LIST, body)
    assert (answer.status_code, answer["ETag"], answer.json()["domain"]) == (201, '"1"', "groesse.de")
    assert answer.json()["external_ids"] == [{"source": "erp", "external_id": "C-9"}]
    assert Activity.objects.get().actor == alice


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": None}, "/name"),
        ({"name": "x" * 300}, "/name"),
        ({"name": "A", "nmae": "B"}, "/nmae"),
        ({"name": "A", "domain": "no domain"}, "/domain"),
        ({"name": "A", "vat_id": "DE12"}, "/vat_id"),
        ({"name": "A", "latitude": "95", "longitude": "1"}, "/latitude"),
        ({"name": "A", "employees": 1e40}, "/employees"),
        ({"name": "A", "employees": -3}, "/employees"),
        ({"name": "A", "employees": 2**31}, "/employees"),
        ({"name": "A", "payment_terms_days": 2**15}, "/payment_terms_days"),
        ({"name": "A", "owner": "nobody"}, "/owner"),
        ({"name": "A", "parent": "0192f0c0-0000-7000-8000-000000000000"}, "/parent"),
        ({"name": "A", "external_ids": [{"source": "", "external_id": "1"}]}, "/external_ids/0/source"),
        ({"name": "A", "external_ids": "C-1"}, "/external_ids"),
        ({"name": ["A"]}, "/name"),
    ],
)
def test_bad_input_names_the_field(api: Any, alice: Any, body: Any, pointer: str) -> None:
    answer = api(alice).post(LIST, body)
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert not Account.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"x"', "5", "null"])
def test_what_is_no_object_is_refused(api: Any, alice: Any, body: str) -> None:
    assert api(alice).generic("POST", LIST, body, content_type="application/json").status_code == 422


def test_a_foreign_parent_does_not_exist(api: Any, alice: Any, charlie: Any) -> None:
    parent = make_account(owner=charlie)
    assert api(alice).post(LIST, {"name": "A", "parent": str(parent.pk)}).status_code == 422


def test_a_viewer_and_a_seller_cannot_create(api: Any, rita: Any) -> None:
    assert api(rita).post(LIST, {"name": "A"}).status_code == 403
    assert api(make_user(role="sales")).post(LIST, {"name": "A"}).status_code == 403


def test_a_key_without_the_scope_cannot_write(api: Any, alice: Any) -> None:
    assert api(alice, ("accounts:read",)).post(LIST, {"name": "A"}).status_code == 403


def test_it_answers_one_with_its_version(api: Any, account: Any, bob: Any) -> None:
    client = api(bob)
    answer = client.get(url(account))
    assert (answer["ETag"], answer.json()["name"]) == ('"1"', account.name)
    assert client.get(url(account), headers={"If-None-Match": '"1"'}).status_code == 304


def test_an_outsider_does_not_find_it(api: Any, account: Any, charlie: Any) -> None:
    client = api(charlie)
    assert [client.get(url(account)).status_code, client.patch(url(account), {}).status_code] == [404, 404]
    assert client.delete(url(account)).status_code == 404


def test_a_viewer_only_looks(api: Any, account: Any, rita: Any) -> None:
    client = api(rita)
    assert [client.get(url(account)).status_code, client.patch(url(account), {}).status_code] == [200, 403]


def test_it_changes_fields_on_the_version_seen(api: Any, account: Any, bob: Any) -> None:
    answer = api(bob).patch(url(account), {"city": "Bonn"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer["ETag"], answer.json()["city"]) == (200, '"2"', "Bonn")


def test_a_stale_change_answers_what_stands_there_now(api: Any, account: Any, alice: Any) -> None:
    client = api(alice)
    client.patch(url(account), {"city": "Bonn"})
    answer = client.patch(url(account), {"city": "Aachen"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["current"]["city"]) == (412, "Bonn")


def test_the_same_change_twice_is_one_change(api: Any, account: Any, alice: Any) -> None:
    client = api(alice)
    versions = [client.patch(url(account), {"city": "Bonn"}).json()["version"] for _turn in range(2)]
    assert versions == [2, 2]
    assert Activity.objects.count() == 1


STRANGE_TAGS = {'"x"': 412, 'W/"x"': 412, '"' + "9" * 40 + '"': 412, "abc": 400, '"x': 400, '"1", "2"': 400}


@pytest.mark.parametrize("tag", STRANGE_TAGS)
def test_a_tag_that_we_never_gave_matches_nothing(api: Any, account: Any, alice: Any, tag: str) -> None:
    headers = {"If-Match": tag}
    assert api(alice).patch(url(account), {"city": "B"}, headers=headers).status_code == STRANGE_TAGS[tag]
    assert api(alice).delete(url(account), headers=headers).status_code == STRANGE_TAGS[tag]
    assert Account.objects.get(pk=account.pk).city == "Köln"


def test_a_failed_second_half_takes_the_first_back(api: Any, account: Any, alice: Any) -> None:
    make_account(external_id="C-1", source="erp")
    body = {"city": "Bonn", "external_ids": [{"source": "erp", "external_id": "C-1"}]}
    assert api(alice).patch(url(account), body).status_code == 422
    assert Account.objects.get(pk=account.pk).city == "Köln"


def test_operations_may_change_but_not_assign(api: Any, account: Any, team: Any) -> None:
    olga = make_user(role="operations")
    team.members.add(olga)
    client = api(olga)
    assert client.patch(url(account), {"city": "Bonn"}).status_code == 200
    assert client.patch(url(account), {"owner": None}).status_code == 403


def test_it_deletes_once(api: Any, account: Any, alice: Any) -> None:
    client = api(alice)
    assert [client.delete(url(account)).status_code for _turn in range(2)] == [204, 404]


def test_sales_keep_an_account(api: Any, account: Any, alice: Any) -> None:
    make_line(account)
    answer = api(alice).delete(url(account))
    assert (answer.status_code, answer.json()["code"]) == (409, "has_sales")


@pytest.mark.parametrize("pk", ["1", "x", "0192f0c0-0000-7000-8000-000000000000"])
def test_an_unknown_id_is_not_found(api: Any, alice: Any, pk: str) -> None:
    assert api(alice).get(f"{LIST}{pk}/").status_code == 404


def test_upsert_creates_then_changes(api: Any, alice: Any) -> None:
    client, address = api(alice), f"{LIST}by-external/erp/C-1/"
    first = client.put(address, {"name": "New"})
    second = client.put(address, {"city": "Bonn"})
    assert [first.status_code, second.status_code] == [201, 200]
    assert (second.json()["id"], second.json()["city"]) == (first.json()["id"], "Bonn")
    assert client.get(address).json()["name"] == "New"


def test_upsert_does_not_reach_a_foreign_account(api: Any, alice: Any, charlie: Any) -> None:
    make_account(owner=charlie, external_id="C-1", source="erp")
    assert api(alice).put(f"{LIST}by-external/erp/C-1/", {"name": "Mine"}).status_code == 404


def test_upsert_of_a_new_account_needs_a_name(api: Any, alice: Any) -> None:
    assert api(alice).put(f"{LIST}by-external/erp/C-1/", {}).status_code == 422


def test_the_team_is_replaced(api: Any, account: Any, alice: Any, bob: Any) -> None:
    client, address = api(alice), f"{url(account)}team/"
    answer = client.put(address, {"members": [{"user": str(bob.pk), "function": "service"}]})
    assert answer.json() == [{"user": str(bob.pk), "name": "Bob Berger", "function": "service"}]
    assert client.get(address).json() == answer.json()


@pytest.mark.parametrize(
    "body", [{}, {"members": 1}, {"members": [{"user": "x", "function": "kam"}]}, {"members": [{}]}]
)
def test_a_bad_team_is_refused(api: Any, account: Any, alice: Any, body: Any) -> None:
    assert api(alice).put(f"{url(account)}team/", body).status_code == 422


def test_an_outsider_does_not_see_the_team(api: Any, account: Any, charlie: Any, rita: Any) -> None:
    assert api(charlie).get(f"{url(account)}team/").status_code == 404
    assert api(rita).put(f"{url(account)}team/", {"members": []}).status_code == 403
