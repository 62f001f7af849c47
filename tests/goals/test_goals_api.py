"""Goals, metrics and measurements over the API."""

from datetime import date
from typing import Any

import pytest

from goals.models import Goal, Measurement, Metric
from tests.factories import make_account, make_goal, make_sales

GOALS, METRICS = "/api/v1/goals/", "/api/v1/metrics/"


@pytest.fixture
def metric(account: Any) -> Metric:
    return Metric.objects.create(account=account, name="Adoption", unit="%")


@pytest.fixture
def body(account: Any, metric: Metric) -> dict[str, Any]:
    return {
        "account": str(account.pk),
        "title": "Adopt",
        "metric": str(metric.pk),
        "start_value": "100",
        "target_value": "150",
        "start_on": "2026-01-01",
        "due_on": "2026-12-31",
    }


def test_it_sets_a_goal_measures_it_and_says_how_far_it_is(
    api: Any, alice: Any, body: Any, metric: Any
) -> None:
    client = api(alice)
    goal = client.post(GOALS, body).json()
    assert goal["target_value"] == "150.0000"
    made = client.post(f"{METRICS}{metric.pk}/measurements/", {"measured_on": "2026-06-01", "value": "120"})
    assert made.status_code == 201
    found = client.get(f"{GOALS}{goal['id']}/progress/?as_of=2026-07-02").json()
    assert found["progress"] == pytest.approx(0.4)
    assert found["pace_gap"] == pytest.approx(-0.1)
    assert (found["elapsed"], found["state"]) == (0.5, "at_risk")


def test_the_value_of_a_day_is_written_once(api: Any, bob: Any, metric: Any) -> None:
    client, url = api(bob), f"{METRICS}{metric.pk}/measurements/"
    value = {"measured_on": "2026-06-01", "value": "120"}
    assert [client.post(url, value).status_code for _ in range(2)] == [201, 200]
    assert client.post(url, value | {"value": "121"}).status_code == 200
    assert [row["value"] for row in client.get(url).json()["results"]] == ["121.0000"]


def test_a_goal_may_name_a_fact_and_is_measured_at_once(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(500, date(2025, 6, 1))])
    body = {"account": str(account.pk), "title": "Grow", "fact": "revenue", "window": "all", "target": "900"}
    body |= {"start_on": "2026-01-01", "due": "2027-12-31"}
    goal = api(alice).post(GOALS, body)
    assert (goal.status_code, goal.json()["start_value"]) == (201, "500.0000")
    assert Measurement.objects.get().source == "computed"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"due_on": "2026-01-01"}, "/due_on"),
        ({"due_on": "someday"}, "/due_on"),
        ({"account": "0192f0c0-0000-7000-8000-000000000000"}, "/account"),
        ({"metric": "0192f0c0-0000-7000-8000-000000000000"}, "/metric"),
        ({"target_value": None}, "/target_value"),
        ({"target_value": "1e40"}, "/target_value"),
        ({"fact": "luck"}, "/fact"),
        ({"fact": "revenue", "window": "7w"}, "/window"),
        ({"fact": "revenue", "basis": "raw"}, "/basis"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_bad_goal_is_refused(api: Any, alice: Any, body: Any, change: Any, pointer: str) -> None:
    answer = api(alice).post(GOALS, body | change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    "value",
    [{}, {"value": "x"}, {"value": "NaN"}, {"value": 1e30}, {"value": "1", "measured_on": "2999-01-01"},
     {"value": "1", "measured_on": "0001-01-01"}, {"value": "1", "source": "computed"}, {"value": "1", "x": 1}],
)  # fmt: skip
def test_a_bad_value_is_refused(api: Any, alice: Any, metric: Any, value: Any) -> None:
    assert api(alice).post(f"{METRICS}{metric.pk}/measurements/", value).status_code == 422
    assert not Measurement.objects.exists()


def test_a_change_on_an_older_version_shows_the_current_one(api: Any, alice: Any, body: Any) -> None:
    client = api(alice)
    made = client.post(GOALS, body)
    url = f"{GOALS}{made.json()['id']}/"
    assert client.patch(url, {"title": "B"}, headers={"If-Match": made["ETag"]}).status_code == 200
    refused = client.patch(url, {"title": "C"}, headers={"If-Match": made["ETag"]})
    assert (refused.status_code, refused.json()["current"]["title"]) == (412, "B")


def test_a_moved_target_leaves_a_trace(api: Any, alice: Any, body: Any) -> None:
    client = api(alice)
    goal = client.post(GOALS, body).json()
    client.patch(f"{GOALS}{goal['id']}/", {"target_value": "200", "reason": "New plant"})
    history = client.get(f"{GOALS}{goal['id']}/history/").json()
    assert history["earlier_targets"][0]["reason"] == "New plant"


def test_it_closes_and_reopens(api: Any, alice: Any, body: Any) -> None:
    client = api(alice)
    goal = client.post(GOALS, body).json()
    assert client.post(f"{GOALS}{goal['id']}/close/", {"outcome": "won"}).status_code == 422
    assert client.post(f"{GOALS}{goal['id']}/close/", {"outcome": "achieved"}).json()["outcome"] == "achieved"
    assert client.post(f"{GOALS}{goal['id']}/reopen/").json()["closed_at"] is None


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("?open=true", 1), ("?side=joint", 1), ("?overdue=true", 0), ("?owner=me", 0), ("?idle=true", 0),
     ("?q=müller", 2), ("?outcome=dropped", 1)],
)  # fmt: skip
def test_goals_are_filtered(api: Any, alice: Any, account: Any, query: str, count: int) -> None:
    make_goal(account, side="joint", due_on=date(2999, 1, 1))
    from django.utils import timezone

    make_goal(account, closed_at=timezone.now(), outcome="dropped")
    make_goal(make_account())
    assert len(api(alice).get(f"{GOALS}{query}").json()["results"]) == count


@pytest.mark.parametrize("query", ["?state=x", "?side=x", "?owner=x", "?due_until=soon"])
def test_an_unknown_filter_is_refused(api: Any, alice: Any, query: str) -> None:
    assert api(alice).get(f"{GOALS}{query}").status_code in (400, 422)


def test_a_list_of_goals_needs_the_same_queries_at_two_sizes(
    api: Any, alice: Any, account: Any, django_assert_max_num_queries: Any
) -> None:
    client = api(alice)
    for count in (2, 20):
        for _ in range(count):
            make_goal(account)
        with django_assert_max_num_queries(6):
            client.get(f"{GOALS}?expand=account,owner")


def test_roles_decide(api: Any, rita: Any, charlie: Any, account: Any, body: Any, metric: Any) -> None:
    assert api(rita).post(GOALS, body).status_code == 403
    assert api(charlie).post(GOALS, body).status_code == 422
    assert api(charlie).get(f"{METRICS}{metric.pk}/").status_code == 404
    assert api(rita).get(f"{METRICS}{metric.pk}/").status_code == 200
