"""Opportunities, contracts, and what an account may need next."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity, Task
from goals.actions import plans as actions
from goals.actions.anticipations import act_on
from goals.actions.contracts import renew_contracts
from goals.actions.goals import close_goal, reopen_goal
from goals.actions.removed import remove_entry, restore_entry
from goals.actions.table_undo import undo_table
from goals.ahead import anticipations
from goals.contracts import contract_listing
from goals.entries import KINDS
from goals.models import AccountYear, Contract, Goal, Opportunity, Promise, TableImport
from kam.lib.errors import DomainError, InvalidInput
from tests.factories import make_account, make_contact, make_offering, make_sales

CONTRACT = {"title": "Service", "start_on": date(2026, 1, 1), "end_on": date(2026, 12, 31)}

CONTRACT_DAYS = (date(2026, 1, 1), date(2026, 12, 31))


def url(name: str, *arguments: Any) -> str:
    return reverse(f"goals:{name}", args=arguments)


def ends_in(account: Any, days: int, **values: Any) -> Contract:
    today = timezone.localdate()
    defaults = {"title": "Service", "start_on": today - timedelta(400), "end_on": today + timedelta(days)}
    return Contract.objects.create(account=account, **(defaults | values))


def opportunity(account: Any, by: Any, **values: Any) -> Opportunity:
    standard = {"title": "Press", "expected_on": timezone.localdate() + timedelta(30)}
    made: Opportunity = actions.add_entry(KINDS["opportunities"], account, values=standard | values, by=by)
    return made


@pytest.mark.parametrize(
    "values",
    [
        {"end_on": date(2025, 12, 31)},
        {"notice_days": 4000},
        {"renews_by": 0},
        {"renews_by": 121},
        {"value": Decimal(-1)},
        {"title": ""},
    ],
)
def test_an_impossible_contract_is_refused(account: Any, alice: Any, values: Any) -> None:
    with pytest.raises(InvalidInput):
        actions.add_entry(KINDS["contracts"], account, values=CONTRACT | values, by=alice)
    assert not Contract.objects.exists()


def test_a_contract_that_renewed_itself_is_moved_on_once(account: Any) -> None:
    row = Contract.objects.create(account=account, renews_by=12, **CONTRACT)
    Contract.objects.create(account=make_account(), **CONTRACT)
    assert (renew_contracts(date(2027, 1, 1)), renew_contracts(date(2027, 1, 1))) == (1, 0)
    row.refresh_from_db()
    assert row.end_on == date(2027, 12, 31)
    assert Activity.objects.filter(verb="contract.renewed").count() == 1


def test_won_closes_an_opportunity_and_a_stage_opens_it_again(account: Any, alice: Any) -> None:
    row = opportunity(account, alice)
    actions.change_entry(KINDS["opportunities"], row, values={"stage": "won"}, by=alice)
    assert row.closed_on == timezone.localdate()
    actions.change_entry(KINDS["opportunities"], row, values={"stage": "agreed"}, by=alice)
    assert row.closed_on is None


def test_a_contract_of_another_account_is_refused(account: Any, alice: Any) -> None:
    stranger = Contract.objects.create(account=make_account(), **CONTRACT)
    with pytest.raises(InvalidInput):
        opportunity(account, alice, contract=stranger)


def test_a_contract_that_ends_is_to_be_expected(account: Any) -> None:
    row = ends_in(account, 60)
    ends_in(account, 200, title="Later")
    found = anticipations(account, timezone.localdate(), "EUR")
    assert [(each.kind, each.about) for each in found] == [("renewal", str(row.pk))]
    assert "60" in found[0].why


def test_exhausted_volume_is_to_be_expected(account: Any) -> None:
    today = timezone.localdate()
    AccountYear.objects.create(account=account, year=today.year, wallet=Decimal(1000))
    first = today.replace(day=1)
    make_sales(account, [(450, first - timedelta(40)), (450, first - timedelta(80))])
    make_sales(account, [(300, first - timedelta(500))])
    kinds = [each.kind for each in anticipations(account, today, "EUR")]
    assert "saturation" in kinds
    AccountYear.objects.update(wallet=Decimal(2000))
    assert "saturation" not in [each.kind for each in anticipations(account, today, "EUR")]


@pytest.mark.parametrize(("made_as", "table"), [("", Task), ("goal", Goal), ("opportunity", Opportunity)])
def test_a_renewal_becomes_one_of_each(account: Any, alice: Any, made_as: str, table: Any) -> None:
    row, today = ends_in(account, 60, value=Decimal(48000)), timezone.localdate()
    asked = {"kind": "renewal", "contract": str(row.pk), "as": made_as}
    made = [act_on(account, asked, by=alice, today=today) for _ in range(2)]
    assert made[0] == made[1] == table.objects.get()
    assert anticipations(account, today, "EUR")[0].made == made[0]
    if table is Opportunity:
        assert (made[0].kind, made[0].value, made[0].contract) == ("renewal", 48000, row)


def test_a_contract_of_another_account_is_no_renewal(account: Any, alice: Any) -> None:
    stranger = ends_in(make_account(), 60)
    with pytest.raises(InvalidInput):
        act_on(
            account, {"kind": "renewal", "contract": str(stranger.pk)}, by=alice, today=timezone.localdate()
        )


def test_a_goal_set_again_meanwhile_stays_closed(account: Any, alice: Any) -> None:
    row, today = ends_in(account, 60), timezone.localdate()
    asked = {"kind": "renewal", "contract": str(row.pk), "as": "goal"}
    first = act_on(account, asked, by=alice, today=today)
    assert isinstance(first, Goal)
    close_goal(first, outcome="dropped", by=alice)
    act_on(account, asked, by=alice, today=today)
    with pytest.raises(DomainError):
        reopen_goal(first, by=alice)


def test_what_was_removed_comes_back_as_it_was(account: Any, alice: Any) -> None:
    contact = make_contact(account)
    day = date(2026, 6, 1)
    row = Promise.objects.create(
        account=account,
        text="List",
        contact=contact,
        promised_on=day,
        due_on=day,
        state="kept",
        closed_on=day,
    )
    removed = remove_entry(KINDS["promises"], row, by=alice)
    assert not Promise.objects.exists()
    contact.delete()
    restored = [restore_entry(removed, by=alice) for _ in range(2)]
    found = Promise.objects.get()
    assert restored == [found, found]
    assert (found.text, found.state, found.closed_on, found.contact) == ("List", "kept", day, None)


def test_undo_stands_on_the_page_after_a_removal(sign_in: Any, alice: Any, account: Any) -> None:
    client, row = sign_in(alice), opportunity(account, alice)
    page = client.post(url("entry_edit", "opportunities", row.pk), {"remove": "1"}, follow=True)
    undo = url("entry_restore", Activity.objects.get(verb="opportunity.removed").pk)
    assert undo in page.content.decode()
    client.post(undo)
    assert Opportunity.objects.get().pk == row.pk


def test_an_entry_that_removed_nothing_is_not_found(sign_in: Any, alice: Any, account: Any) -> None:
    opportunity(account, alice)
    client = sign_in(alice)
    assert client.post(url("entry_restore", Activity.objects.latest("created_at").pk)).status_code == 404


FORMS = {
    "contracts": {"title": "Service", "start_on": "2026-01-01", "end_on": "2026-12-31", "notice_days": "90"},
    "opportunities": {"title": "Press", "kind": "upsell", "stage": "seen", "expected_on": "2026-12-01"},
}


@pytest.mark.parametrize("code", FORMS)
def test_it_is_added_changed_and_listed_on_its_pages(sign_in: Any, bob: Any, account: Any, code: str) -> None:
    client = sign_in(bob)
    assert client.post(url("entry_add", account.pk, code), FORMS[code]).status_code == 302
    row = KINDS[code].model.objects.get()
    body = FORMS[code] | {"title": "Other", "version": row.version}
    assert client.post(url("entry_edit", code, row.pk), body).status_code == 302
    for page in (url("plan", account.pk), url(code), url("ahead", account.pk)):
        assert client.get(page).status_code == 200
    assert "Other" in client.get(url(code)).content.decode()


def test_an_opportunity_is_won_from_the_list(sign_in: Any, bob: Any, account: Any) -> None:
    row = opportunity(account, bob)
    answer = sign_in(bob).post(url("opportunity_stage", row.pk), {"stage": "won", "back": "list"})
    row.refresh_from_db()
    assert (answer.url, row.stage) == (url("opportunities"), "won")


def test_charlie_sees_none_of_it(sign_in: Any, charlie: Any, alice: Any, account: Any) -> None:
    row = opportunity(account, alice)
    ends_in(account, 60)
    client = sign_in(charlie)
    assert client.get(url("opportunities")).context["listing"].count == 0
    assert client.get(url("contracts")).context["listing"].count == 0
    assert client.post(url("opportunity_stage", row.pk), {"stage": "won"}).status_code == 404


@pytest.mark.parametrize("name", ["opportunities", "contracts"])
def test_a_list_needs_the_same_queries_at_two_sizes(
    sign_in: Any, alice: Any, account: Any, name: str
) -> None:
    client, counts = sign_in(alice), []
    client.get(url(name))
    for size in (2, 9):
        for number in range(size):
            ends_in(account, 30 + number, title=f"{size}-{number}", offering=make_offering())
            opportunity(account, alice, offering=make_offering(), owner=alice)
        with CaptureQueriesContext(connection) as queries:
            client.get(url(name))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_only_the_contracts_of_a_page_are_read(account: Any, alice: Any) -> None:
    for number in range(120):
        ends_in(account, 30 + number, title=f"C{number}", value=10)
    with CaptureQueriesContext(connection) as queries:
        found = contract_listing(alice, {"page": "2"}, timezone.localdate())
        titles = [row.contract.title for row in found.page]
    assert (titles[0], len(titles), found.count, found.value) == ("C50", 50, 120, 1200)
    assert [query["sql"] for query in queries if "LIMIT 50 OFFSET 50" in query["sql"]]
    assert len(queries) == 3


def test_what_comes_next_needs_the_same_queries_at_two_sizes(account: Any) -> None:
    today, counts = timezone.localdate(), []
    for size in (2, 9):
        for number in range(size):
            ends_in(account, 30 + number, title=f"{size}-{number}")
        with CaptureQueriesContext(connection) as queries:
            anticipations(account, today, "EUR")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


TABLE = "Kunde;Vertrag;Angebot;Beginn;Ende;Kündigungsfrist;Verlängerung;Wert\n"


def test_contracts_come_in_as_a_table_and_again_change_nothing(
    sign_in: Any, alice: Any, account: Any
) -> None:
    offering = make_offering("WARTUNG")
    text = TABLE + f"{account.name};Wartung;WARTUNG;01.01.2026;31.12.2026;90;12;48.000,50\n"
    text += f"{account.name};Rahmen;NIE;01.01.2026;31.12.2026;;;\n"
    client, page = sign_in(alice), url("table_import") + "?kind=contracts"
    for _ in range(2):
        result = client.post(page, {"text": text, "import": "1"}).context["result"]
        assert [row.number for row in result.problems] == [3]
    row = Contract.objects.get()
    assert (row.offering, row.notice_days, row.renews_by, row.value) == (offering, 90, 12, Decimal("48000.5"))
    assert (row.end_on, row.version) == (date(2026, 12, 31), 1)


def test_an_imported_table_of_contracts_is_taken_back(sign_in: Any, alice: Any, account: Any) -> None:
    row = Contract.objects.create(account=account, value=Decimal(10), **CONTRACT)
    text = TABLE + f"{account.name};Service;;01.02.2026;31.12.2027;30;;20\n"
    text += f"{account.name};Neu;;01.01.2026;31.12.2026;;;\n"
    sign_in(alice).post(url("table_import") + "?kind=contracts", {"text": text, "import": "1"})
    assert Contract.objects.count() == 2
    undo_table(TableImport.objects.get(), by=alice)
    row.refresh_from_db()
    assert Contract.objects.get() == row
    assert (row.start_on, row.end_on, row.notice_days, row.value) == (*CONTRACT_DAYS, 0, 10)


def test_the_api_lists_notes_and_changes(api: Any, bob: Any, account: Any) -> None:
    client = api(bob)
    body = {"account": str(account.pk), "title": "Press", "expected_on": "2026-12-01", "value": "1000"}
    made = client.post("/api/v1/opportunities/", body)
    assert made.status_code == 201, made.json()
    one = f"/api/v1/opportunities/{made.json()['id']}/"
    assert client.patch(one, {"stage": "won"}).json()["closed_on"]
    assert client.get("/api/v1/opportunities/?open=true").json()["results"] == []
    assert client.patch(one, {"stage": "won"}, headers={"If-Match": '"1"'}).status_code == 412
    contract = {"account": str(account.pk)} | FORMS["contracts"] | {"renews_by": 12}
    made = client.post("/api/v1/contracts/", contract)
    assert made.json()["notice_until"] is not None, made.json()
    assert client.post("/api/v1/contracts/", contract).status_code == 422
    assert client.delete(f"/api/v1/plan-entries/contracts/{made.json()['id']}/").status_code == 200


def test_the_api_makes_an_anticipation_an_opportunity(api: Any, bob: Any, account: Any) -> None:
    row = ends_in(account, 60)
    client, address = api(bob), f"/api/v1/accounts/{account.pk}/anticipations/"
    assert client.get(address).json()["results"][0]["about"] == str(row.pk)
    made = client.post(address, {"kind": "renewal", "about": str(row.pk), "make": "opportunity"})
    assert (made.status_code, made.json()["made_is"]) == (201, "opportunity")
    assert client.get(address).json()["results"][0]["made"] == made.json()["id"]
