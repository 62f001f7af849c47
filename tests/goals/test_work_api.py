"""Work, check-ins, the library, tables, periods and beta programmes over the API: what only pages could do before."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Activity
from goals.actions.goals import link_activity
from goals.models import AccountPeriod, BetaParticipation, BetaProgramme, Measurement, Metric, TableImport
from tests.factories import make_account, make_criterion, make_goal, make_model

DAY = date(2026, 6, 1)


def logged(account: Any, by: Any = None) -> Activity:
    return Activity.objects.create(
        account=account, verb="call", body="Talked prices", actor=by, occurred_at=timezone.now()
    )


def test_work_without_a_goal_is_listed_and_gets_one(api: Any, alice: Any, bob: Any, account: Any) -> None:
    goal, mine, his = make_goal(account), logged(account, alice), logged(account, bob)
    logged(make_account(owner=alice))
    client, url = api(alice), "/api/v1/work-without-goal/"
    assert [row["id"] for row in client.get(url).json()["results"]] == [str(his.pk), str(mine.pk)]
    assert [row["id"] for row in client.get(f"{url}?actor=me").json()["results"]] == [str(mine.pk)]
    client.post(f"/api/v1/goals/{goal.pk}/work/", {"activity": str(mine.pk)})
    assert [row["id"] for row in client.get(f"{url}?account={account.pk}").json()["results"]] == [str(his.pk)]
    assert client.get(f"{url}?mine=true").json()["code"] == "unknown_parameter"


def test_work_takes_the_same_queries_for_any_number(
    api: Any, alice: Any, account: Any, django_assert_num_queries: Any
) -> None:
    make_goal(account)
    client = api(alice)
    client.get("/api/v1/work-without-goal/")
    for count in (1, 5):
        for _number in range(count):
            logged(account, alice)
        with django_assert_num_queries(2):
            client.get("/api/v1/work-without-goal/")


def test_an_entry_serves_no_goal_any_more(api: Any, bob: Any, rita: Any, account: Any) -> None:
    goal, entry = make_goal(account), logged(account)
    url = f"/api/v1/activities/{entry.pk}/goal/"
    assert api(bob).get(url).json() == {"goal": None}
    link_activity(goal, entry, by=bob)
    assert api(rita).get(url).json() == {"goal": str(goal.pk)}
    assert api(rita).delete(url).status_code == 403
    assert [api(bob).delete(url).status_code for _time in range(2)] == [204, 204]
    assert Activity.objects.filter(verb="goal.work_unlinked").count() == 1


def test_who_has_to_say_what_stands_in_the_queue(api: Any, alice: Any, account: Any) -> None:
    mine = make_goal(account, owner=alice)
    make_goal(account, owner=alice, checked_in_at=timezone.now())
    other = make_goal(account)
    client, url = api(alice), "/api/v1/check-in-queue/"
    (row,) = client.get(url).json()["results"]
    assert (row["goal"]["id"], row["status"]["state"]) == (str(mine.pk), "no_data")
    both = client.get(f"{url}?account={account.pk}").json()["results"]
    assert {row["goal"]["id"] for row in both} == {str(mine.pk), str(other.pk)}
    assert client.get(f"{url}?account={make_account().pk}").status_code == 422
    assert client.get(f"{url}?account=x").status_code == 422


def test_a_list_of_goals_tells_where_each_stands_in_the_same_queries(
    api: Any, alice: Any, account: Any, django_assert_num_queries: Any
) -> None:
    metric = Metric.objects.create(account=account, name="Adoption")
    Measurement.objects.create(metric=metric, measured_on=DAY, value=120)
    client, url = api(alice), "/api/v1/goals/?expand=status,account&order=due"
    client.get(url)
    for count in (1, 5):
        for _number in range(count):
            make_goal(account, metric=metric, start_value=100, target_value=150)
        with django_assert_num_queries(3):
            rows = client.get(url).json()["results"]
    assert [row["status"]["progress"] for row in rows] == [0.4] * 6
    goal = f"/api/v1/goals/{rows[0]['id']}/"
    assert client.get(f"{goal}?expand=status").json()["status"] == client.get(f"{goal}progress/").json()
    assert "status" not in client.get(goal).json()


def test_the_library_says_at_how_many_key_accounts_a_criterion_is_measured(
    api: Any, alice: Any, account: Any
) -> None:
    criterion = make_criterion("fit", growth_metric="adoption")
    make_model((criterion, 1.0))
    account.key_since = DAY
    account.save()
    metric = Metric.objects.create(account=account, name="Adoption", criterion_code="fit")
    Measurement.objects.create(metric=metric, measured_on=timezone.localdate(), value=50)
    rows = api(alice).get("/api/v1/metric-library/", headers={"Accept-Language": "en"}).json()["results"]
    row = next(row for row in rows if row["criterion"] == "fit")
    assert (row["growth_metric"], row["name"], row["in_use"]) == ("adoption", "Adoption", True)
    assert (row["measured"], row["accounts"], row["share"]) == (1, 1, 1.0)


def test_a_metric_says_when_it_was_silent_and_that_it_left_its_band(
    api: Any, alice: Any, account: Any
) -> None:
    metric = Metric.objects.create(account=account, name="Adoption", band_low=40, due_every_days=30)
    goal, today = make_goal(account, metric=metric, target_value=60), timezone.localdate()
    for back, value in ((200, 50), (100, 45), (10, 30)):
        Measurement.objects.create(metric=metric, measured_on=today - timedelta(back), value=value)
    body = api(alice).get(f"/api/v1/metrics/{metric.pk}/standing/").json()
    assert (body["latest"]["value"], body["outside_band"], body["stopped"]) == ("30.0000", "below", False)
    assert [(row["days"], row["until"] is None) for row in body["silences"]] == [(90, False), (100, False)]
    assert body["goals"] == [str(goal.pk)]


def test_a_metric_without_values_stands_nowhere(api: Any, alice: Any, account: Any) -> None:
    metric = Metric.objects.create(account=account, name="Adoption")
    body = api(alice).get(f"/api/v1/metrics/{metric.pk}/standing/").json()
    assert (body["latest"], body["outside_band"], body["silences"]) == (None, "", [])


def test_a_table_is_checked_imported_and_taken_back(api: Any, alice: Any, account: Any) -> None:
    Metric.objects.create(account=account, name="Adoption")
    text = f"account;metric;day;value\n{account.name};Adoption;2026-06-30;64,5\nNobody;Adoption;2026-06-30;1"
    client, url = api(alice), "/api/v1/metric-tables/"
    table = {"kind": "measurements", "text": text}
    tried = client.post(url, table | {"dry_run": True}, headers={"Accept-Language": "en"})
    assert (tried.status_code, tried.json()["good"], tried.json()["table"]) == (200, 1, None)
    assert tried.json()["problems"] == [{"row": 3, "problem": "There is no account “Nobody”."}]
    assert not Measurement.objects.exists()
    done = client.post(url, table)
    assert (done.status_code, done.json()["rows"], done.json()["written"]) == (201, 2, 1)
    again = client.post(url, table)
    assert (again.status_code, again.json()["written"]) == (200, 0)
    (listed,) = client.get(url).json()["results"]
    undo = f"{url}{listed['id']}/undo/"
    assert (client.post(undo).json()["kept"], Measurement.objects.exists()) == (0, False)
    assert client.post(undo).json()["code"] == "already_undone"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"kind": "weather", "text": "a;b"}, "unknown_kind"),
        ({"kind": "years", "text": "a;b"}, "column_missing"),
        ({"kind": "years"}, "invalid"),
    ],
)
def test_what_is_no_table_is_refused(api: Any, alice: Any, table: dict[str, str], code: str) -> None:
    answer = api(alice).post("/api/v1/metric-tables/", table)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not TableImport.objects.exists()


def test_fiscal_years_are_named_once(api: Any, alice: Any, rita: Any, account: Any) -> None:
    client, url = api(alice), f"/api/v1/accounts/{account.pk}/fiscal-years/"
    made = client.post(url, {"month": 4})
    assert (made.status_code, len(made.json()["results"])) == (201, 4)
    assert client.post(url, {"month": 4}).json()["results"] == []
    assert client.post(url, {"month": 13}).json()["code"] == "bad_month"
    assert api(rita).post(url, {"month": 4}).status_code == 403
    assert AccountPeriod.objects.filter(start_on__month=4).count() == 4


def test_a_beta_programme_tells_its_places_and_is_closed_and_opened_again(
    api: Any, alice: Any, account: Any
) -> None:
    programme = BetaProgramme.objects.create(name="Pilot", starts_on=DAY, ends_on=date(2099, 1, 1))
    for each in (account, make_account()):
        BetaParticipation.objects.create(
            programme=programme, account=each, state="invited", invited_on=timezone.localdate()
        )
    client, url = api(alice), f"/api/v1/beta-programmes/{programme.pk}/"
    one = client.get(url)
    assert (one.json()["taking"], one.json()["asked"]) == (0, 2)
    closed = client.post(f"{url}close/").json()
    assert (closed["closed_at"] is None, closed["asked"]) == (False, 2)
    client.post(f"{url}close/")
    assert client.post(f"{url}reopen/").json()["closed_at"] is None
    assert Activity.objects.filter(verb="beta_programme.closed").count() == 1
    late = client.patch(url, {"name": "Other"}, headers={"If-Match": one["ETag"]})
    assert (late.status_code, late.json()["current"]["asked"]) == (412, 2)
