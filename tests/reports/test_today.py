"""Today: what needs a person, each line with one reason and one action."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Task
from goals.models import Measurement, Metric, Promise
from kam.integrations.models import Job
from reports.queries.today import SHOWN, bands
from reports.queries.today_figures import freshness, key_figures
from scoring.models import RatingRound
from tests.factories import make_account, make_decision, make_goal, make_sales

TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-06-15T09:00:00+02:00", tick=False):
        yield


def found(user):
    return {band.code: band for band in bands(user, timezone.now(), TODAY)}


def titles(user, code):
    band = found(user).get(code)
    return [item.title for item in band.items] if band else []


@pytest.fixture
def late(account, alice):
    return Task.objects.create(
        account=account, title="Call", due_on=date(2026, 6, 12), assignee=alice, reason="Asked twice"
    )


def test_an_overdue_task_comes_now_with_its_reason(late, alice):
    item = found(alice)["now"].items[0]
    assert (item.title, item.reason, item.tone, item.account) == ("Call", "Asked twice", "neg", late.account)
    assert item.action_url


def test_a_colleagues_task_is_not_mine(late, bob):
    assert titles(bob, "now") == []


def test_what_is_due_within_seven_days_comes_this_week(account, alice):
    for days, title in ((5, "Soon"), (8, "Later")):
        Task.objects.create(account=account, title=title, due_on=TODAY + timedelta(days), assignee=alice)
    assert titles(alice, "week") == ["Soon"]


def test_an_own_promise_that_is_late_comes_before_a_task_that_is_as_late(late, account, alice):
    Promise.objects.create(
        account=account, text="Price list", owner=alice, promised_on=TODAY, due_on=late.due_on
    )
    assert titles(alice, "now") == ["Price list", "Call"]


def test_a_proposal_waits_for_a_leader_and_for_nobody_else(account, alice, dana, rita):
    make_decision(account)
    assert [len(titles(person, "now")) for person in (dana, alice, rita)] == [1, 0, 0]


def test_a_failed_job_is_told_to_whom_started_it(alice, bob):
    Job.objects.create(kind="reports.build", created_by=alice, state="failed", finished_at=timezone.now())
    assert (len(titles(alice, "now")), len(titles(bob, "now"))) == (1, 0)


def test_a_rater_is_asked_for_ratings_until_the_round_is_closed(alice, bob):
    asked = RatingRound.objects.create(name="Spring")
    asked.raters.add(alice)
    assert (len(titles(alice, "follow")), len(titles(bob, "follow"))) == (1, 0)
    RatingRound.objects.update(closed_at=timezone.now())
    assert titles(alice, "follow") == []


def test_an_account_whose_order_stays_away_is_to_be_asked(account, alice):
    make_sales(account, [(100, TODAY - timedelta(days)) for days in (100, 90, 80, 70, 60)])
    item = found(alice)["follow"].items[0]
    assert item.account == account
    assert "60" in item.reason


def test_an_account_in_its_rhythm_is_left_alone(account, alice):
    make_sales(account, [(100, TODAY - timedelta(days)) for days in (45, 35, 25, 15, 5)])
    assert titles(alice, "follow") == []


def test_a_goal_that_is_behind_is_a_risk(account, alice):
    metric = Metric.objects.create(account=account, name="Adoption")
    Measurement.objects.create(metric=metric, measured_on=date(2026, 6, 1), value=Decimal(1))
    make_goal(account, "Grow", metric=metric, start_value=0, target_value=100)
    item = found(alice)["risks"].items[0]
    assert (item.title, item.tone) == ("Grow", "neg")


def test_charlie_sees_nothing_of_it(late, account, charlie):
    make_goal(account, "Grow", due_on=date(2026, 5, 1))
    assert found(charlie) == {}


def test_a_band_shows_its_first_lines_and_counts_all(account, alice):
    for number in range(SHOWN + 3):
        Task.objects.create(account=account, title=f"T{number}", due_on=TODAY, assignee=alice)
    band = found(alice)["now"]
    assert (len(band.items), band.count, band.more) == (SHOWN, SHOWN + 3, 3)


def test_the_strip_compares_twelve_whole_months(account, alice):
    make_sales(account, [(100, date(2025, 5, 31)), (300, date(2025, 6, 1)), (900, TODAY)])
    figures = key_figures(alice, TODAY, "EUR")
    assert "300" in figures[0].value
    assert "200" in figures[1].value


def test_old_sales_are_called_old(account, alice):
    make_sales(account, [(100, TODAY - timedelta(8))])
    assert [line.stale for line in freshness(alice, TODAY)] == [True, True]


def test_an_empty_day_says_so(sign_in, charlie):
    page = sign_in(charlie).get("/").content.decode()
    assert "Alles erledigt" in page or "Everything is done" in page


@pytest.mark.parametrize("person", ["alice", "dana", "rita"])
def test_every_role_has_a_day(sign_in, request, late, person):
    assert sign_in(request.getfixturevalue(person)).get("/").status_code == 200


@pytest.mark.parametrize("size", [2, 30])
def test_it_takes_the_same_number_of_queries_at_any_size(sign_in, alice, django_assert_num_queries, size):
    for number in range(size):
        account = make_account(owner=alice, key_since=TODAY)
        Task.objects.create(account=account, title=f"T{number}", due_on=TODAY, assignee=alice)
        Promise.objects.create(account=account, text="P", owner=alice, promised_on=TODAY, due_on=TODAY)
        make_goal(account, due_on=date(2026, 6, 1))
        make_sales(account, [(100, TODAY - timedelta(days)) for days in (100, 90, 80, 70, 60)])
    browser = sign_in(alice)
    browser.get("/")
    with django_assert_num_queries(28):
        browser.get("/")


def test_many_proposals_leave_room_for_the_rest_of_the_day(sign_in, dana) -> None:
    for number in range(9):
        make_decision(make_account(f"Proposed {number}"))
    page = sign_in(dana).get("/", headers={"Accept-Language": "en"}).content.decode()
    assert page.count("/scoring/decisions/") >= 4
    assert "Decide on 6 more key accounts" in page
    assert "and 2 more" in page


def test_an_empty_company_is_shown_the_way_to_its_first_ranking(sign_in, dana) -> None:
    page = sign_in(dana).get("/", headers={"Accept-Language": "en"})
    assert [step.done for step in page.context["steps"]] == [False, False, False]
    assert "Three steps to your first ranking" in page.content.decode()
    assert "Everything is done" not in page.content.decode()
    make_sales(make_account(), [(100, TODAY)])
    page = sign_in(dana).get("/", headers={"Accept-Language": "en"})
    assert [step.done for step in page.context["steps"]] == [True, False, False]
    assert page.context["next_step"].title == "Choose three to five criteria"


def test_who_may_not_take_the_first_steps_is_not_asked_to(sign_in, rita) -> None:
    assert sign_in(rita).get("/").context["steps"] == []
