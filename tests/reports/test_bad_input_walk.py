"""Issue by issue: what the reader gets when the data is what nobody wished for, on the page and in her language."""

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pptx import Presentation

from accounts.actions.imports import start_check
from goals.actions.goals import update_goal
from goals.actions.metrics import add_measurement, create_metric
from goals.actions.nightly import raise_alerts
from goals.actions.periods import add_fiscal_years
from goals.models import Goal, Metric
from kam.integrations import jobs
from kam.lib.tabular.reader import open_table
from reports.actions import approve_report, share_report, start_due_reports
from reports.document import document
from reports.models import Report, ReportSchedule
from tests.factories import make_account, make_goal, make_import, make_offering, make_report, make_sales
from tests.reports.test_report_pdf import text_of

GERMAN = {"Accept-Language": "de"}
NAMES = ["شركة النور", "#set page()", "$x^2$", "a\\b", "<b>Söhne</b>"]


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def read(sign_in: Any, alice: Any) -> Any:
    """Return what Alice reads on a page, in German; the page has to stand."""

    def page(name: str, pk: Any, query: str = "", status: int = 200) -> str:
        answer = sign_in(alice).get(reverse(name, args=[pk]) + query, headers=GERMAN)
        assert answer.status_code == status
        return str(answer.content.decode())

    return page


@pytest.fixture
def metric(account: Any, alice: Any) -> Metric:
    return create_metric(account, values={"name": "Nutzung", "unit": "%"}, by=alice)


@pytest.fixture
def goal(account: Any, alice: Any, metric: Metric, today: date) -> Goal:
    span = {"start_on": today - timedelta(days=100), "due_on": today + timedelta(days=100)}
    values = {"metric": metric, "start_value": Decimal(10), "target_value": Decimal(20), "owner": alice}
    return make_goal(account, "Nutzung heben", **values, **span)


# 1
def test_start_equal_to_target(read: Any, alice: Any, goal: Goal, today: date) -> None:
    Goal.objects.update(target_value=10)
    badge = '<span class="badge {}">'
    assert badge.format("warn") in read("goals:detail", goal.pk)
    add_measurement(goal.metric, value=Decimal(10), on=today, by=alice)
    text = read("goals:detail", goal.pk)
    assert badge.format("pos") in text and badge.format("neg") not in text
    add_measurement(goal.metric, value=Decimal(9), on=today, by=alice)
    assert badge.format("neg") in read("goals:detail", goal.pk)


# 2
def test_target_changed_midway(read: Any, alice: Any, goal: Goal, today: date) -> None:
    add_measurement(goal.metric, value=Decimal(15), on=today, by=alice)
    update_goal(goal, values={"target_value": Decimal(30)}, by=alice, reason="Neues Werk")
    text = read("goals:detail", goal.pk)
    assert ("Neues Werk" in text and "Frühere Ziele" in text) or "Neues Werk" in text


# 3
def test_missing_months(read: Any, account: Any, alice: Any, metric: Metric, today: date) -> None:
    for back in (300, 270, 90, 60):
        add_measurement(metric, value=Decimal(back), on=today - timedelta(days=back), by=alice)
    text = read("goals:metric", metric.pk)
    assert "180 Tage" in text and "keine Linie" in text
    make_sales(account, [(100, today - timedelta(days=400)), (100, today - timedelta(days=100))])
    assert "0,00" in read("goals:growth", account.pk)  # months without orders are in the table as such


# 4
def test_negative_revenue(read: Any, account: Any, today: date) -> None:
    make_sales(account, [(100, today - timedelta(days=500)), (-300, today - timedelta(days=100))])
    text = read("goals:growth", account.pk)
    assert "−300" in text
    report = make_report(account, language="de", as_of=today)
    assert document(report.snapshot).title.startswith(f"{account.name}: ")
    assert "nan" not in text_of(report.pdf.read()).lower().split()


# 5
def test_a_currency_without_a_rate(read: Any, sign_in: Any, dana: Any, account: Any, today: date) -> None:
    text = "order,date,account,quantity,unit_price,currency\nA1,2026-03-01,C1,2,10,EUR\nA2,2026-03-01,C1,1,9,usd\n"
    batch = make_import(text + "A3,2026-03-01,C1,1,9,€\n", created_by=dana)
    jobs.run(start_check(batch, by=dana).pk)
    batch.refresh_from_db()
    [reason] = batch.reasons
    assert (reason["code"], reason["rows"], batch.counts["new"]) == ("currency_without_rate", 1, 2)
    page = sign_in(dana).get(f"/imports/{batch.pk}/", headers=GERMAN).content.decode()
    assert "Für USD gibt es am 2026-03-01 keinen Kurs" in page
    make_sales(account, [(100, today - timedelta(days=60))], currency="USD")
    assert "in USD angegeben" in read("goals:growth", account.pk)


# 6
def test_a_metric_that_stops(read: Any, alice: Any, goal: Goal, today: date) -> None:
    add_measurement(goal.metric, value=Decimal(16), on=today - timedelta(days=60), by=alice)
    assert "Nicht mehr geliefert" in read("goals:metric", goal.metric_id)
    assert "nicht mehr" in read("goals:detail", goal.pk).lower()
    assert "nicht mehr geliefert" in read("goals:metrics", goal.account_id)


# 7
def test_overlapping_periods(read: Any, sign_in: Any, alice: Any, account: Any, today: date) -> None:
    add_fiscal_years(account, month=1, today=today, by=alice)
    body = {"name": "X", "start_on": f"{today.year}-06-01", "end_on": f"{today.year + 1}-05-31"}
    url = reverse("goals:guarded_entry_add", args=[account.pk, "periods"])
    text = sign_in(alice).post(url, body, headers=GERMAN).content.decode()
    assert f"„{today.year}“ umfasst bereits" in text
    assert "beginnt vor seinem Ende" in read(
        "goals:growth", account.pk, "?from=2026-02-01&to=2026-01-01", 422
    )


# 8
def test_an_account_deactivated_mid_plan(
    read: Any, sign_in: Any, account: Any, alice: Any, goal: Goal, today: date, client: Any
) -> None:
    report = make_report(account, audience="customer", by=alice)
    approve_report(report, by=alice)
    _link, token = share_report(report, recipient="Einkauf", by=alice)
    day = {"template": "progress", "language": "de", "rhythm": "monthly", "start_on": today, "next_on": today}
    ReportSchedule.objects.create(account=account, created_by=alice, **day).recipients.add(alice)
    account.status = "inactive"
    account.save()
    for page in ("goals:plan", "goals:growth", "goals:metrics", "accounts:detail"):
        assert account.name in read(page, account.pk)
    assert raise_alerts(today + timedelta(days=90)) == 0
    assert start_due_reports(timezone.now()) == []
    assert client.get(reverse("shared", args=[token])).status_code == 404


# 9
def test_an_empty_account(read: Any, account: Any) -> None:
    assert "Noch kein Umsatz" in read("goals:growth", account.pk)
    for page in ("goals:plan", "goals:metrics"):
        read(page, account.pk)
    for template in ("progress", "quarterly", "kickoff"):
        assert make_report(account, template=template, language="de").is_built


# 10
def test_ten_years_of_data(sign_in: Any, alice: Any, account: Any, today: date) -> None:
    client, counts = sign_in(alice), []
    url = reverse("goals:growth", args=[account.pk])
    make_sales(account, [(100, today - timedelta(days=400))], offering=make_offering())
    client.get(url)
    for years in (1, 10):
        days = [today - timedelta(days=30 * back) for back in range(12 * years)]
        make_sales(account, [(100, day) for day in days], offering=make_offering())
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url).context["page"]
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert page.tenure > 9.7
    assert len(page.months_chart.table.rows) <= 16


# 12
def test_a_template_without_sections(sign_in: Any, api: Any, alice: Any, account: Any, today: date) -> None:
    body = {"template": "progress", "account": account.name, "audience": "internal", "language": "de"}
    body |= {"as_of": today.isoformat(), "boxes": "1"}
    text = sign_in(alice).post(reverse("reports:create"), body, headers=GERMAN).content.decode()
    assert "Ein Bericht ohne Abschnitte sagt nichts" in text
    answer = api(alice).post("/api/v1/reports/", {"account": str(account.pk), "sections": []}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_sections")
    assert not Report.objects.exists()


# 13
@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_as_typed_everywhere(
    sign_in: Any, alice: Any, team: Any, today: date, tmp_path: Path, name: str
) -> None:
    account = make_account(name, owner=alice, team=team)
    make_sales(account, [(100, today - timedelta(days=40))], offering=make_offering(name=name))
    make_goal(account, name, owner=alice)
    report = make_report(account, audience="customer", language="de", by=alice, as_of=today)
    approve_report(report, by=alice)
    _link, token = share_report(report, recipient=name, by=alice)
    escaped = name.replace("<", "&lt;").replace(">", "&gt;")
    for url in (f"/accounts/{account.pk}/growth/", f"/reports/{report.pk}/", f"/r/{token}/"):
        text = sign_in(alice).get(url).content.decode()
        assert escaped in text, url
        assert "<b>Söhne" not in text
    if name.isascii() or "Söhne" in name:  # the extractor gives shaped Arabic back in its own forms
        assert name in text_of(report.pdf.read()).replace("\n", " ")
    slides = sign_in(alice).get(f"/reports/{report.pk}/pptx/").getvalue()
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(slides)).slides]
    assert any(name in title for title in titles)
    file = tmp_path / "report.xlsx"
    file.write_bytes(sign_in(alice).get(f"/reports/{report.pk}/xlsx/").getvalue())
    assert open_table(file).header[1].endswith(name)
