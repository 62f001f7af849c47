"""What was done together beyond buying and selling."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.activities import log_activity
from accounts.models import Activity
from goals.engagements import engagement_index, engagement_year
from kam.lib.errors import InvalidInput
from tests.factories import make_account, make_contact, make_sales

TODAY = date(2026, 6, 30)


def url(name: str, account: Any) -> str:
    return reverse(f"goals:{name}", args=[account.pk])


def engage(account: Any, days: int, verb: str = "event", today: date = TODAY) -> Activity:
    moment = timezone.make_aware(datetime.combine(today - timedelta(days), datetime.min.time()))
    return Activity.objects.create(account=account, verb=verb, body="Fair", occurred_at=moment)


@pytest.mark.parametrize(
    ("verbs", "index"),
    [
        ([], 0),
        (["event"], 14),
        (["event"] * 12, 60),
        (["event"] * 30, 60),
        (["event", "training", "advisory", "reference", "co_project"], 71),
        (["event", "training", "advisory", "reference", "co_project"] * 3, 100),
    ],
)
def test_the_index_counts_how_often_and_how_many_kinds(verbs: list[str], index: int) -> None:
    assert engagement_index(verbs) == index


def test_the_year_ends_with_the_day_and_stands_beside_the_one_before(account: Any) -> None:
    for days in (0, 364, 365, 729, 730):
        engage(account, days)
    engage(account, 5, "call")
    make_sales(account, [(700, TODAY), (300, TODAY - timedelta(365)), (900, TODAY - timedelta(730))])
    year = engagement_year(account, TODAY)
    assert (year.count, year.count_before) == (2, 2)
    assert (year.revenue, year.revenue_before) == (700, 300)
    assert year.kinds[1][1:] == (2, 2)


def test_two_queries_at_any_size(account: Any, django_assert_num_queries: Any) -> None:
    for days in range(40):
        engage(account, days)
    with django_assert_num_queries(2):
        assert engagement_year(account, TODAY).count == 40


def test_people_and_what_it_brought_are_kept(account: Any, alice: Any) -> None:
    values = {"verb": "training", "body": "Trained", "people": " Shift  leads ", "brought": "Fewer calls"}
    entry = log_activity(account, values=values, by=alice)
    assert entry.details == {"people": "Shift leads", "brought": "Fewer calls"}


@pytest.mark.parametrize("values", [{"brought": "x" * 501}, {"verb": "party"}, {"body": " "}])
def test_an_impossible_engagement_is_refused(account: Any, alice: Any, values: Any) -> None:
    with pytest.raises(InvalidInput):
        log_activity(account, values={"verb": "event", "body": "Fair"} | values, by=alice)
    assert not Activity.objects.exists()


BODY = {"verb": "event", "body": "Trade fair", "brought": "Two talks", "people": "Buyers"}


def test_it_is_logged_on_its_page_and_stands_in_the_timeline(sign_in: Any, bob: Any, account: Any) -> None:
    client, today = sign_in(bob), timezone.localdate()
    assert client.get(url("engagement", account)).status_code == 200
    body = BODY | {"on": today.isoformat(), "contact": make_contact(account).pk, "shareable": "on"}
    assert client.post(url("engagement_log", account), body).status_code == 302
    entry = Activity.objects.get()
    assert (entry.visibility, entry.details["brought"]) == ("shareable", "Two talks")
    timeline = reverse("accounts:timeline", args=[account.pk])
    for page in (url("engagement", account), url("plan", account), f"{timeline}?kind=engagement"):
        assert "Trade fair" in client.get(page).content.decode()
    assert "Two talks" in client.get(timeline).content.decode()


def test_a_day_that_has_not_come_is_refused_in_its_field(sign_in: Any, bob: Any, account: Any) -> None:
    later = timezone.localdate() + timedelta(5)
    page = sign_in(bob).post(url("engagement_log", account), BODY | {"on": later.isoformat()})
    assert page.context["form"].errors["on"]
    assert not Activity.objects.exists()


def test_a_stranger_is_no_participant(sign_in: Any, bob: Any, account: Any) -> None:
    body = BODY | {"on": timezone.localdate().isoformat(), "contact": make_contact(make_account()).pk}
    assert sign_in(bob).post(url("engagement_log", account), body).status_code == 200
    assert not Activity.objects.exists()


def test_the_api_logs_and_counts(api: Any, bob: Any, account: Any) -> None:
    client = api(bob)
    made = client.post("/api/v1/activities/", {"account": str(account.pk)} | BODY)
    assert made.status_code == 201 and made.json()["details"]["people"] == "Buyers"
    found = client.get(f"/api/v1/accounts/{account.pk}/engagement/").json()
    assert (found["index"], found["count"], found["revenue"]) == (14, 1, "0.00")
    kinds = client.get("/api/v1/activities/?kind=engagement").json()["results"]
    assert len(kinds) == 1
