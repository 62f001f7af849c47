"""Templates, previews, messages and deliveries of reports over the API, and the leadership portfolio of today."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Activity
from reports.actions import approve_report
from reports.models import DeliveredReport, Report, ReportDelivery, ReportSchedule
from tests.factories import make_account, make_goal, make_report, make_sales

URL = "/api/v1/reports/"
ENGLISH = {"Accept-Language": "en"}


def messages_of(report: Report) -> str:
    return f"{URL}{report.pk}/messages/"


def test_templates_name_their_sections_in_the_callers_language(api: Any, alice: Any) -> None:
    found = api(alice).get("/api/v1/report-templates/", headers={"Accept-Language": "de"}).json()["results"]
    assert [each["code"] for each in found] == ["progress", "quarterly", "kickoff", "portfolio"]
    assert (found[1]["title"], found[3]["about_account"]) == ("Quartalsgespräch", False)
    first = found[0]["sections"][0]
    assert first == {
        "code": "promises",
        "label": "Offene Zusagen",
        "looks_ahead": True,
        "internal": False,
    }
    score = next(row for row in found[0]["sections"] if row["code"] == "score")
    assert (score["internal"], score["looks_ahead"]) == (True, False)


def test_messages_are_read_and_worded_without_changing_a_figure(api: Any, alice: Any, account: Any) -> None:
    make_sales(account, [(100, date(2026, 3, 1))])
    report = make_report(account, language="en")
    data = [part["data"] for part in report.snapshot["parts"]]
    client = api(alice)
    before = client.get(messages_of(report), headers=ENGLISH).json()
    assert [row["section"] for row in before["messages"]][:2] == ["promises", "summary"]
    assert (before["messages"][0]["label"], before["title"]) == ("Open promises", report.title)
    after = client.patch(messages_of(report), {"messages": {"revenue": "Service carries it"}}).json()
    assert {row["section"]: row["message"] for row in after["messages"]}["revenue"] == "Service carries it"
    assert "Service carries it" in after["title"]
    assert after["digest"] != before["digest"]
    report.refresh_from_db()
    assert [part["data"] for part in report.snapshot["parts"]] == data
    assert Activity.objects.filter(verb="report.worded").count() == 1


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ({"weather": "Sunny"}, "unknown_section"),
        ({"revenue": "x" * 201}, "invalid"),
        ({"revenue": " "}, "invalid"),
        ("Sunny", "invalid"),
    ],
)
def test_a_message_that_cannot_stand_is_refused(
    api: Any, alice: Any, account: Any, messages: Any, code: str
) -> None:
    report = make_report(account)
    answer = api(alice).patch(messages_of(report), {"messages": messages}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_nobody_words_a_report_that_is_approved_or_being_built(api: Any, alice: Any, account: Any) -> None:
    client = api(alice)
    approved = make_report(account, audience="customer")
    approve_report(approved, note="", by=alice)
    words = {"messages": {"revenue": "Other words"}}
    assert client.patch(messages_of(approved), words).status_code == 409
    building = Report.objects.create(account=account, as_of=date(2026, 6, 30), language="en")
    for answer in (client.get(messages_of(building)), client.patch(messages_of(building), words)):
        assert (answer.status_code, answer.json()["code"]) == (409, "report_not_ready")


def test_a_preview_says_what_would_be_said_and_hidden_and_keeps_nothing(
    api: Any, alice: Any, account: Any
) -> None:
    make_goal(account, "Secret plan")
    query = f"preview/?account={account.pk}&template=progress&audience=customer&language=en"
    found = api(alice).get(URL + query, headers=ENGLISH).json()
    goals = next(row for row in found["sections"] if row["code"] == "goals")
    assert (goals["label"], goals["internal"]) == ("Goals", False)
    assert {"what": "Internal goals", "count": 1} in found["hidden"]
    assert "Secret plan" not in str(found)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["", "?template=portfolio", "?account={own}&template=x", "?account={foreign}", "?account={own}&x=1"],
)
def test_a_bad_preview_is_refused(api: Any, alice: Any, account: Any, query: str) -> None:
    wanted = query.format(own=account.pk, foreign=make_account().pk)
    assert api(alice).get(f"{URL}preview/{wanted}").status_code in (400, 422)


def test_the_portfolio_of_today_is_for_leaders_and_viewers(
    api: Any, dana: Any, rita: Any, alice: Any
) -> None:
    make_sales(make_account(), [(100, timezone.localdate() - timedelta(days=60))])
    url = "/api/v1/portfolio/leadership/"
    body = api(dana).get(url, headers=ENGLISH).json()
    assert (body["as_of"], body["language"]) == (timezone.localdate().isoformat(), "en")
    assert [part["code"] for part in body["parts"]][:2] == ["concentration", "retention"]
    assert api(rita).get(url, headers={"Accept-Language": "de"}).json()["language"] == "de"
    assert api(alice).get(url).status_code == 403
    assert not Report.objects.exists()


@pytest.fixture
def copy(account: Any, alice: Any) -> DeliveredReport:
    day = date(2026, 6, 1)
    schedule = ReportSchedule.objects.create(
        account=account,
        template="progress",
        language="en",
        rhythm="monthly",
        start_on=day,
        next_on=day,
        created_by=alice,
    )
    delivery = ReportDelivery.objects.create(schedule=schedule, slot=day, report=make_report(account))
    claimed = timezone.now() - timedelta(days=1)
    return DeliveredReport.objects.create(
        delivery=delivery, user=alice, delivered_at=claimed, mail_claimed_at=claimed
    )


def test_a_mail_in_doubt_is_named_and_sent_once_more(api: Any, alice: Any, copy: DeliveredReport) -> None:
    client, url = api(alice), "/api/v1/report-deliveries/"
    (found,) = client.get(f"{url}?in_doubt=true").json()["results"]
    assert (found["delivery"], found["mail_state"], found["slot"]) == (
        str(copy.delivery_id),
        "in_doubt",
        "2026-06-01",
    )
    assert "id" not in found
    mail = f"{url}{copy.delivery_id}/mail/"
    sent = client.post(mail, {"user": str(alice.pk)})
    assert (sent.status_code, sent["Location"]) == (202, f"/api/v1/jobs/{sent.json()['job']}/")
    again = client.post(mail, {"user": str(alice.pk)})
    assert (again.status_code, again.json()["code"]) == (409, "not_in_doubt")
    assert client.get(f"{url}?in_doubt=true").json()["results"] == []
    assert len(client.get(f"{url}?in_doubt=false").json()["results"]) == 1


def test_deliveries_follow_the_account(api: Any, charlie: Any, copy: DeliveredReport) -> None:
    client = api(charlie)
    assert client.get("/api/v1/report-deliveries/").json()["results"] == []
    assert client.post(f"/api/v1/report-deliveries/{copy.delivery_id}/mail/", {}).status_code == 404
