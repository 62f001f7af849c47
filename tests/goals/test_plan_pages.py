"""The plan of an account, its entries, playbooks, and the growth pages."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions.accounts import archive_account, reactivate_account
from accounts.models import AccountTeamMember, Activity, Task
from goals.actions import plans as actions
from goals.actions.playbooks import Step, save_playbook, start_playbook
from goals.actions.rates import set_rates
from goals.contributions import account_result
from goals.entries import KINDS
from goals.models import AccountYear, Challenge, Expectation, Plan, Playbook, Promise
from goals.periods import Period
from goals.plan_page import plan_page
from goals.relationship import relationship
from kam.lib.errors import Conflict, DomainError, InvalidInput
from tests.factories import make_account, make_contact, make_goal, make_offering, make_sales

DAY = date(2026, 6, 1)
PROMISE = {"text": "Price list", "promised_on": DAY, "due_on": date(2026, 6, 5), "visibility": "shareable"}


def url(name: str, *arguments: Any) -> str:
    return reverse(f"goals:{name}", args=arguments)


def test_the_plan_is_made_on_first_use_and_locked_by_its_version(account: Any, alice: Any) -> None:
    plan = actions.update_plan(account, values={"why": "Servo presses"}, by=alice)
    with pytest.raises(Conflict):
        actions.update_plan(account, values={"why": "Other"}, by=alice, expected_version=plan.version - 1)
    assert Activity.objects.filter(verb="plan.updated").count() == 1


def test_a_template_fills_only_what_is_empty(sign_in: Any, alice: Any, account: Any) -> None:
    actions.update_plan(account, values={"why": "Ours"}, by=alice)
    sign_in(alice).post(url("plan_template", account.pk), {"template": "grow"})
    plan = Plan.objects.get()
    assert plan.why == "Ours" and plan.how


def test_promises_have_a_kept_rate(account: Any, alice: Any) -> None:
    for state in ("kept", "kept", "broken", "open"):
        row = actions.add_entry(KINDS["promises"], account, values=dict(PROMISE), by=alice)
        actions.close_promise(row, state=state, by=alice)
    page = plan_page(account, date(2026, 7, 1))
    assert (page.kept, page.closed, page.kept_rate) == (2, 3, pytest.approx(2 / 3))
    assert len(page.overdue) == 1


def test_a_promise_to_somebody_elsewhere_is_refused(account: Any, alice: Any) -> None:
    stranger = make_contact(make_account())
    with pytest.raises(InvalidInput):
        actions.add_entry(KINDS["promises"], account, values=PROMISE | {"contact": stranger}, by=alice)


def test_a_changed_expectation_is_no_longer_accepted(account: Any, alice: Any) -> None:
    kind = KINDS["expectations"]
    row = actions.add_entry(kind, account, values={"side": "internal", "text": "10 % more"}, by=alice)
    actions.accept_expectation(row, who="Dr. Pannhorst", by=alice)
    assert row.accepted_by == "Dr. Pannhorst"
    actions.change_entry(kind, row, values={"text": "20 % more"}, by=alice)
    assert row.accepted_at is None


def test_what_the_decision_said_is_taken_over_once(account: Any, alice: Any) -> None:
    account.decisions.create(state="approved", expectations_internal="Growth", expectations_external="Speed")
    assert len(actions.take_over_expectations(account, by=alice)) == 2
    assert actions.take_over_expectations(account, by=alice) == []


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("promises", PROMISE | {"due_on": date(2026, 5, 1)}),
        ("years", {"year": 2026, "wallet": Decimal(-1)}),
        ("years", {"year": 12}),
        ("values", {"direction": "give", "text": "", "occurred_on": DAY}),
        ("challenges", {"title": "A", "raised_on": DAY, "colour": "red"}),
    ],
)
def test_an_impossible_entry_is_refused(account: Any, alice: Any, code: str, values: Any) -> None:
    with pytest.raises(InvalidInput):
        actions.add_entry(KINDS[code], account, values=values, by=alice)
    assert not KINDS[code].model.objects.exists()


def test_a_year_stands_once(account: Any, alice: Any) -> None:
    actions.add_entry(KINDS["years"], account, values={"year": 2026}, by=alice)
    with pytest.raises(InvalidInput):
        actions.add_entry(KINDS["years"], account, values={"year": 2026}, by=alice)


FORMS = {
    "promises": {"text": "Price list", "promised_on": "2026-06-01", "due_on": "2026-06-05", "visibility": "shareable"},
    "procedures": {"title": "Spare parts", "customer_text": "Within 24 hours"},
    "projects": {"title": "Pilot", "benefit_ours": "Reference", "benefit_customer": "Speed", "state": "idea",
        "visibility": "shareable"},
    "challenges": {"title": "Set-up time", "raised_on": "2026-06-01", "visibility": "internal"},
    "values": {"direction": "give", "text": "Training", "amount": "1.500,50", "occurred_on": "2026-06-01",
        "kind": "saving", "visibility": "internal"},
}  # fmt: skip


@pytest.mark.parametrize("code", FORMS)
def test_an_entry_is_added_changed_and_removed_on_its_page(
    sign_in: Any, bob: Any, account: Any, code: str
) -> None:
    client = sign_in(bob)
    german = {"Accept-Language": "de"}
    assert client.get(url("entry_add", account.pk, code)).status_code == 200
    assert client.post(url("entry_add", account.pk, code), FORMS[code], headers=german).status_code == 302
    row = KINDS[code].model.objects.get()
    change = url("entry_edit", code, row.pk)
    assert client.get(change).status_code == 200
    assert client.post(change, FORMS[code] | {"version": 9}, headers=german).status_code in (200, 302)
    client.post(change, {"remove": "1"})
    assert not KINDS[code].model.objects.exists()
    assert client.get(url("plan", account.pk)).status_code == 200


def test_an_amount_is_shown_without_the_zeros_of_its_column(sign_in: Any, alice: Any, account: Any) -> None:
    year = AccountYear.objects.create(account=account, year=2026, planned_revenue=Decimal("4860000"))
    page = sign_in(alice).get(url("guarded_entry_edit", "years", year.pk)).content.decode()
    assert 'value="4.860.000"' in page


def test_what_is_not_chosen_is_a_dash(sign_in: Any, alice: Any, account: Any) -> None:
    page = sign_in(alice).get(url("guarded_entry_add", account.pk, "expectations")).content.decode()
    assert ('<option value="" selected>–</option>' in page, "-----" in page) == (True, False)


def test_a_page_about_an_account_marks_the_accounts_and_cuts_no_title_silently(
    sign_in: Any, alice: Any, account: Any
) -> None:
    text = "A fixed contact, an answer within four hours, and spare parts on stock at the plant"
    row = Expectation.objects.create(account=account, side="external", text=text)
    page = sign_in(alice).get(url("guarded_entry_edit", "expectations", row.pk)).content.decode()
    assert "…</h1>" in page
    assert re.search(r'data-nav="accounts:list" aria-current="page"', page)


def test_expectations_and_years_are_for_managers(sign_in: Any, alice: Any, account: Any) -> None:
    client = sign_in(alice)
    assert client.get(url("entry_add", account.pk, "expectations")).status_code == 404
    client.post(url("guarded_entry_add", account.pk, "expectations"), {"side": "internal", "text": "Growth"})
    client.post(url("expectation_accept", Expectation.objects.get().pk), {"who": "Board"})
    client.post(url("guarded_entry_add", account.pk, "years"), {"year": "2026", "planned_revenue": "100"})
    assert Expectation.objects.get().accepted_by == "Board"
    assert AccountYear.objects.get().planned_revenue == 100


def test_a_promise_is_kept_by_one_click(sign_in: Any, bob: Any, account: Any) -> None:
    row = Promise.objects.create(account=account, **PROMISE)
    sign_in(bob).post(url("promise_close", row.pk), {"state": "kept"})
    row.refresh_from_db()
    assert row.state == "kept" and row.closed_on


def test_a_block_that_nobody_touched_for_90_days_is_out_of_date(account: Any) -> None:
    Challenge.objects.create(account=account, title="Set-up time", raised_on=DAY)
    Challenge.objects.update(updated_at=timezone.now() - timedelta(days=91))
    page = plan_page(account, DAY)
    assert page.blocks["challenges"].stale and not page.blocks["promises"].stale


def test_a_playbook_becomes_tasks_with_dates_and_people(account: Any, alice: Any, bob: Any) -> None:
    AccountTeamMember.objects.create(account=account, user=bob, function="service")
    steps = [Step("Visit", 30, "service", "Minutes sent"), Step("Call", 0, "kam")]
    playbook = save_playbook(None, name="First 90 days", purpose="", steps=steps, by=alice)
    start_playbook(playbook, account, on=DAY, by=alice)
    tasks = list(Task.objects.order_by("due_on"))
    assert [(t.title, t.due_on, t.assignee) for t in tasks] == [
        ("Call", DAY, alice),
        ("Visit", date(2026, 7, 1), bob),
    ]
    with pytest.raises(DomainError):
        start_playbook(playbook, account, on=DAY, by=alice)


def test_a_playbook_is_written_on_its_page(sign_in: Any, alice: Any, account: Any) -> None:
    client = sign_in(alice)
    body = {"name": "Kick-off", "purpose": "", "steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "0"}
    body |= {"steps-0-title": "Call", "steps-0-day_offset": "3", "steps-0-function": "kam"}
    body |= {"steps-1-title": "", "steps-1-day_offset": "0", "steps-1-function": "kam"}
    assert client.post(url("playbook_create"), body).status_code == 302
    playbook = Playbook.objects.get()
    assert client.get(url("playbooks")).status_code == 200
    assert client.get(url("playbook_edit", playbook.pk)).status_code == 200
    client.post(url("playbook_start", account.pk), {"playbook": playbook.pk, "on": "2026-06-01"})
    assert Task.objects.get().due_on == date(2026, 6, 4)


def test_the_plan_page_needs_the_same_queries_at_two_sizes(sign_in: Any, alice: Any, account: Any) -> None:
    client, counts = sign_in(alice), []
    client.get(url("plan", account.pk))
    for size in (1, 8):
        for _ in range(size):
            make_goal(account)
            Promise.objects.create(account=account, contact=make_contact(account), owner=alice, **PROMISE)
        with CaptureQueriesContext(connection) as queries:
            client.get(url("plan", account.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 26


def test_cost_to_serve_is_hours_times_the_rate(account: Any, alice: Any) -> None:
    set_rates(hourly_rate=Decimal(90), allowed_discount=Decimal(5), by=alice)
    make_sales(account, [(1000, DAY)], cost_amount=Decimal(600), discount_amount=Decimal(100))
    moment = timezone.make_aware(datetime(2026, 6, 10))  # noqa: DTZ001 - made aware at once
    Activity.objects.create(account=account, verb="visit", minutes=40, occurred_at=moment)
    found = account_result(account, Period(date(2026, 1, 1), date(2027, 1, 1)))
    assert (found.books.list_revenue, found.books.cost_to_serve) == (1100, 60)
    assert found.contribution.contribution == 340


HALF = "?from=2026-01-01&to=2026-07-01"


@pytest.mark.parametrize("query", ["", HALF, f"{HALF}&compare_from=2025-01-01&compare_to=2025-07-01"])
def test_the_growth_page_shows_an_account_with_and_without_sales(
    sign_in: Any, alice: Any, account: Any, query: str
) -> None:
    client = sign_in(alice)
    assert client.get(url("growth", account.pk) + query).status_code == 200
    press = make_offering("P")
    make_sales(account, [(100 + n, date(2024 + n // 12, n % 12 + 1, 3)) for n in range(30)], offering=press)
    make_sales(account, [(-50, date(2025, 7, 3))])
    assert client.get(url("growth", account.pk) + query).status_code == 200


@pytest.mark.parametrize("query", ["?from=x&to=y", "?from=2026-02-01&to=2026-01-01"])
def test_a_bad_period_is_explained(sign_in: Any, alice: Any, account: Any, query: str) -> None:
    assert sign_in(alice).get(url("growth", account.pk) + query).status_code == 422


def test_what_peers_buy_becomes_one_task(sign_in: Any, alice: Any, account: Any) -> None:
    last = timezone.localdate().replace(day=1) - timedelta(days=20)
    press, service = make_offering("P"), make_offering("S")
    make_sales(account, [(100, last)], offering=press)
    for _ in range(5):
        make_sales(make_account(), [(60, last)], offering=press)
    peers = [make_account() for _ in range(5)]
    for peer in peers:
        make_sales(peer, [(60, last)], offering=press)
        make_sales(peer, [(60, last)], offering=service)
    client = sign_in(alice)
    assert url("peers", account.pk) in client.get(url("growth", account.pk)).content.decode()
    found = client.get(url("peers", account.pk)).context["candidates"].value
    assert [row.offering for row in found] == [service]
    assert b"<html" not in client.get(url("peers", account.pk), headers={"hx-request": "true"}).content
    for _ in range(2):
        client.post(url("anticipate", account.pk), {"offering": service.pk})
    assert Task.objects.count() == 1


def test_the_portfolio_refuses_what_the_sample_does_not_carry(sign_in: Any, dana: Any, account: Any) -> None:
    client = sign_in(dana)
    page = client.get(url("portfolio_growth")).context["page"]
    assert page.pays.refusal and page.whale.refusal
    make_sales(account, [(1000, timezone.localdate() - timedelta(days=60))], cost_amount=Decimal(600))
    page = client.get(url("portfolio_growth")).context["page"]
    assert page.whale.value.peak == 1 and page.costed == 1


def test_rates_are_the_leaders(sign_in: Any, dana: Any) -> None:
    client = sign_in(dana)
    client.post(
        url("rates"), {"hourly_rate": "95,50", "allowed_discount": "8"}, headers={"Accept-Language": "de"}
    )
    assert client.get(url("rates")).context["form"]["hourly_rate"].value() == Decimal("95.50")


def test_health_counts_what_is_known_and_says_how_much_that_is(account: Any, alice: Any) -> None:
    empty = relationship(account, DAY)
    assert (empty.health.score, empty.health.completeness) == (None, 0)
    row = actions.add_entry(KINDS["promises"], account, values=dict(PROMISE), by=alice)
    actions.close_promise(row, state="kept", by=alice)
    today = timezone.localdate()
    make_sales(account, [(100, today - timedelta(days=500)), (80, today - timedelta(days=150))])
    found = relationship(account, today)
    assert found.health.score == pytest.approx((100 + 30) / 2)
    assert found.health.completeness == pytest.approx(2 / 5)


def test_silence_lowers_the_health(account: Any, alice: Any) -> None:
    moment = timezone.make_aware(datetime(2026, 3, 26, 12))  # noqa: DTZ001 - made aware at once
    Activity.objects.create(account=account, verb="call", actor=alice, occurred_at=moment)
    contact = relationship(account, DAY).rows[2]
    assert contact.value == pytest.approx(100 * (120 - 67) / 106)


def test_the_growth_page_needs_the_same_queries_at_two_sizes(sign_in: Any, alice: Any, account: Any) -> None:
    client, counts = sign_in(alice), []
    client.get(url("growth", account.pk))
    for size in (4, 20):
        for number in range(size):
            make_sales(account, [(100, date(2025, number % 12 + 1, 3))], offering=make_offering())
        with CaptureQueriesContext(connection) as queries:
            client.get(url("growth", account.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40


def test_an_account_archived_midway_says_what_rests_and_keeps_its_plan(
    sign_in: Any, alice: Any, account: Any
) -> None:
    actions.update_plan(account, values={"why": "Servo presses"}, by=alice)
    browser = sign_in(alice)
    addresses = (url("plan", account.pk), reverse("accounts:detail", args=[account.pk]))
    told = "Dieser Account ist archiviert: Bis er wieder aktiv ist, wird nichts gemessen"
    assert not any(told in browser.get(address).content.decode() for address in addresses)
    archive_account(account, by=alice)
    pages = [browser.get(address).content.decode() for address in addresses]
    assert all(told in page for page in pages) and "Servo presses" in pages[0]
    reactivate_account(account, by=alice)
    assert not any(told in browser.get(address).content.decode() for address in addresses)
