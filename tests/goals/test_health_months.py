"""Health is kept at the end of each month, and held against what became of the revenue."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Activity
from accounts.windows import month_ends, months_before
from goals.actions.goals import close_goal
from goals.actions.health import record_health
from goals.health import Outcome, backtest
from goals.health_page import health_test, standings
from goals.models import Goal, HealthMonth, Measurement, Metric, Promise
from goals.relationship import health_inputs, health_of, relationship
from kam.integrations import jobs
from kam.integrations.models import Job
from kam.integrations.schedule import start_due
from tests.factories import make_account, make_goal, make_sales

TODAY = date(2026, 11, 20)
JULY = date(2026, 7, 31)


def monthly(account: Any, amounts: dict[int, int], day: int = 10) -> None:
    """Sell every month from January 2024 on: ``amounts`` names from which month (1 is January 2024) how much."""
    sales, amount = [], 0
    for number in range(1, 35):
        amount = amounts.get(number, amount)
        month = date(2024 + (number - 1) // 12, (number - 1) % 12 + 1, day)
        if amount:
            sales.append((amount, month))
    make_sales(account, sales)


def test_the_last_days_of_full_months() -> None:
    assert month_ends(date(2026, 3, 1), 2) == [date(2026, 1, 31), date(2026, 2, 28)]
    assert month_ends(date(2026, 3, 31), 1) == [date(2026, 2, 28)]


def test_a_month_is_written_once_for_every_customer(account: Any) -> None:
    make_account("Never bought")
    monthly(account, {1: 100})
    first = record_health(TODAY)
    assert (first["written"], first["as_of"]) == (15, "2026-10-31")
    assert record_health(TODAY) == first | {"written": 0, "judged": 0}
    assert set(HealthMonth.objects.values_list("account", flat=True)) == {account.pk}


def test_a_killed_run_goes_on_where_it_was(account: Any) -> None:
    other = make_account("Other")
    for each in (account, other):
        monthly(each, {1: 100})
    record_health(TODAY)
    HealthMonth.objects.filter(account=other).delete()
    assert record_health(TODAY)["written"] == 15


def test_what_was_said_stays_said(account: Any) -> None:
    monthly(account, {1: 100})
    record_health(TODAY)
    before = list(HealthMonth.objects.order_by("as_of").values_list("as_of", "score"))
    Promise.objects.create(
        account=account,
        text="x",
        promised_on=JULY,
        due_on=JULY,
        state="broken",
        closed_on=date(2025, 1, 1),
    )
    record_health(TODAY)
    assert list(HealthMonth.objects.order_by("as_of").values_list("as_of", "score")) == before


def test_what_came_after_follows_the_sales(account: Any) -> None:
    monthly(account, {1: 100})
    record_health(TODAY)
    row = HealthMonth.objects.get(as_of=JULY)
    assert (row.revenue_before, row.revenue_after) == (300, 300)
    make_sales(account, [(-250, date(2026, 9, 30))])
    assert record_health(TODAY)["judged"] == 2
    row.refresh_from_db()
    assert row.revenue_after == 50
    assert HealthMonth.objects.filter(HealthMonth.objects.loss()).count() == 2


def test_the_future_is_not_judged(account: Any) -> None:
    monthly(account, {1: 100})
    record_health(TODAY)
    judged = HealthMonth.objects.judged().order_by("-as_of").values_list("as_of", flat=True)
    assert (judged[0], len(judged)) == (JULY, 12)


def test_only_what_was_known_on_the_day_counts(account: Any, alice: Any) -> None:
    moment = timezone.make_aware(timezone.datetime(2026, 8, 3, 12))
    Activity.objects.create(account=account, verb="call", actor=alice, occurred_at=moment)
    Promise.objects.create(
        account=account, text="x", promised_on=JULY, due_on=JULY, state="kept", closed_on=date(2026, 8, 5)
    )
    monthly(account, {1: 100, 32: 0})
    values = health_inputs([account.pk], JULY)[account.pk]
    assert (values["contact"], values["promises"]) == (None, None)
    assert (values["rhythm"], values["trend"]) == (100.0, 50.0)
    later = health_inputs([account.pk], date(2026, 10, 31))[account.pk]
    assert later["rhythm"] == 20.0
    assert later["contact"] is not None and later["promises"] == 100


def test_a_goal_counts_as_it_stood_on_the_day(account: Any, alice: Any) -> None:
    metric = Metric.objects.create(account=account, name="Use")
    span = {"start_on": date(2026, 1, 1), "due_on": date(2026, 12, 31)}
    goal = make_goal(account, metric=metric, start_value=0, target_value=100, **span)
    Measurement.objects.create(metric=metric, measured_on=date(2026, 7, 20), value=5)
    Measurement.objects.create(metric=metric, measured_on=date(2026, 9, 20), value=100)
    close_goal(goal, outcome="achieved", by=alice)
    Goal.objects.update(closed_at=timezone.make_aware(timezone.datetime(2026, 9, 21)))
    assert health_inputs([account.pk], JULY)[account.pk]["goals"] == 0.0
    assert health_inputs([account.pk], date(2026, 10, 31))[account.pk]["goals"] is None


def test_one_account_and_many_have_the_same_definition(account: Any) -> None:
    others = [make_account(f"Other {n}") for n in range(3)]
    for number, each in enumerate([account, *others]):
        monthly(each, {1: 100, 20: 100 + 20 * number})
    many = health_inputs([each.pk for each in (account, *others)], JULY)
    for each in (account, *others):
        assert relationship(each, JULY).health == health_of(many[each.pk])


def test_more_accounts_need_no_more_queries(account: Any) -> None:
    counts = []
    for size in (1, 12):
        keys = [make_account().pk for _ in range(size)]
        for pk in keys:
            monthly(Account.objects.get(pk=pk), {1: 100})
        with CaptureQueriesContext(connection) as queries:
            health_inputs(keys, JULY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def stored(count: int, score: float | None, *, lost: bool, as_of: date = JULY, **values: Any) -> None:
    rows = [
        HealthMonth(
            account=make_account(**values),
            as_of=as_of,
            score=score,
            completeness=0.6,
            inputs={"trend": score},
            revenue_before=100,
            revenue_after=50 if lost else 100,
        )
        for _ in range(count)
    ]
    HealthMonth.objects.bulk_create(rows)


def test_precision_and_recall_by_month_are_those_of_the_pure_function(dana: Any) -> None:
    stored(14, 20, lost=True)
    stored(6, 25, lost=False)
    stored(7, 80, lost=True)
    stored(73, 85, lost=False)
    stored(2, None, lost=True)
    [month] = health_test(dana).months
    groups = [(20, True, 14), (25, False, 6), (80, True, 7), (85, False, 73), (None, True, 2)]
    each = [Outcome("", score, lost) for score, lost, count in groups for _ in range(count)]
    assert month.found == backtest(each)
    assert (month.found.precision.value, month.missed, month.false_alarms) == (0.7, 7, 6)


def test_ten_percent_less_is_no_loss_and_nothing_to_lose_is_no_case(dana: Any) -> None:
    stored(1, 20, lost=False)
    HealthMonth.objects.update(revenue_after=90)
    assert health_test(dana).together.lost == 0
    HealthMonth.objects.update(revenue_after="89.99")
    assert health_test(dana).together.lost == 1
    HealthMonth.objects.update(revenue_before=0)
    assert health_test(dana).months == []


def test_a_loss_counts_once_in_the_figures_of_all_months(dana: Any) -> None:
    for back in range(6):
        stored(1, 20, lost=True, as_of=months_before(date(2026, 8, 1), back) - timedelta(days=1))
    found = health_test(dana)
    assert (len(found.months), found.together.lost) == (6, 2)
    assert found.days == [JULY, date(2026, 4, 30)]


def test_months_put_together_later_say_so(dana: Any) -> None:
    stored(1, 20, lost=True)
    assert health_test(dana).reconstructed == (1 if timezone.localdate() > JULY + timedelta(days=7) else 0)
    HealthMonth.objects.update(created_at=timezone.make_aware(timezone.datetime(2026, 8, 1, 4)))
    assert health_test(dana).reconstructed == 0


def test_one_sees_the_health_of_ones_own_accounts(account: Any, alice: Any, dana: Any) -> None:
    stored(3, 20, lost=True)
    HealthMonth.objects.filter(pk=HealthMonth.objects.first().pk).update(account=account)  # type: ignore[union-attr]
    assert health_test(alice).together.accounts == 1
    assert health_test(dana).together.accounts == 3
    assert [row.row.account for row in standings(alice, {}).page] == [account]


def page(client: Any, query: str = "") -> Any:
    return client.get(reverse("goals:portfolio_health") + query, headers={"Accept-Language": "en"})


def test_the_least_healthy_comes_first_and_unknown_last(sign_in: Any, dana: Any) -> None:
    for score in (90, None, 20, 55):
        stored(1, score, lost=False)
    answer = page(sign_in(dana))
    assert [row.row.score for row in answer.context["now"].page] == [20, 55, 90, None]
    assert [row.row.score for row in page(sign_in(dana), "?colour=amber").context["now"].page] == [55]
    assert page(sign_in(dana), "?colour=blue&page=x").status_code == 200
    assert page(sign_in(dana), "?key=1").context["now"].counts["red"] == 0


def test_few_cases_are_counts_on_the_page(sign_in: Any, dana: Any) -> None:
    stored(3, 20, lost=True)
    text = page(sign_in(dana)).content.decode()
    assert "3 of 3" in text and "too few for a percentage" in text


def test_without_a_month_the_page_says_what_comes(sign_in: Any, alice: Any) -> None:
    assert "No month has been kept yet" in page(sign_in(alice)).content.decode()


def test_more_accounts_need_no_more_queries_on_the_page(sign_in: Any, dana: Any) -> None:
    client, counts = sign_in(dana), []
    for size in (3, 30):
        stored(size, 20, lost=True, owner=dana)
        page(client)
        with CaptureQueriesContext(connection) as queries:
            page(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_leaders_order_the_missing_months(sign_in: Any, dana: Any, account: Any) -> None:
    monthly(account, {1: 100})
    sign_in(dana).post(reverse("goals:portfolio_health"))
    sign_in(dana).post(reverse("goals:portfolio_health"))
    [job] = Job.objects.filter(kind="goals.health")
    done = jobs.run(job.pk)
    assert done and done.state == Job.State.SUCCEEDED, done and done.error
    assert HealthMonth.objects.exists()


def test_it_runs_every_night(db: None) -> None:
    night = timezone.make_aware(timezone.datetime(2026, 11, 1, 4))
    assert "goals.health" in {job.kind for job in start_due(night)}


def test_the_api_has_rows_and_the_back_test(api: Any, dana: Any) -> None:
    stored(12, 20, lost=True)
    client = api(dana)
    rows = client.get("/api/v1/portfolio/health/?as_of=2026-07-31&limit=5").json()["results"]
    assert (len(rows), rows[0]["score"], rows[0]["revenue_after"]) == (5, 20, "50.0000")
    body = client.get("/api/v1/portfolio/health/backtest/").json()
    assert body["together"]["precision"]["value"] == 1.0
    assert body["months"][0]["result"]["lost"] == 12
    assert client.post("/api/v1/portfolio/health/").status_code == 202


@pytest.mark.parametrize("score", [None, 72.4])
def test_the_growth_page_shows_the_course(sign_in: Any, alice: Any, account: Any, score: Any) -> None:
    for day in month_ends(TODAY, 3):
        HealthMonth.objects.create(account=account, as_of=day, score=score, completeness=0.4)
    answer = sign_in(alice).get(reverse("goals:growth", args=[account.pk]))
    assert (answer.context["page"].health_chart is not None) == (score is not None)
