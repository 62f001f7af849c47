"""The metric library: criterion and growth metric are one link; tables of values."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from goals.actions.metrics import add_measurement, create_metric, measure_facts
from goals.actions.row_tables import check_table, import_table
from goals.library import DELIVERED, coverage, entry_for
from goals.measurable import MEASURABLE
from goals.models import AccountYear, JointProject, Measurement
from goals.row_tables import KINDS
from kam.lib.errors import DomainError
from scoring.shipped_criteria import SHIPPED
from tests.factories import make_account, make_criterion, make_model, make_sales


@pytest.fixture
def model(db: None) -> Any:
    fit = make_criterion("fit", growth_metric="adoption")
    size = make_criterion("size", growth_metric="average_transaction_size")
    return make_model((fit, 0.6), (size, 0.4), state="active")


def test_every_shipped_criterion_has_its_growth_metric_in_the_library() -> None:
    assert {row["growth_metric"] for row in SHIPPED} <= DELIVERED.keys() | MEASURABLE.keys()


def test_a_criterion_of_ones_own_is_delivered_under_its_own_name(db: None) -> None:
    entry = entry_for(make_criterion("x", growth_metric="", higher_is_better=False))
    assert (entry.fact, entry.direction) == ("", "down")


def test_it_counts_the_criteria_that_are_measured(model: Any, account: Any, alice: Any) -> None:
    today = timezone.localdate()
    make_sales(account, [(100, today - timedelta(days=20))])
    assert coverage(account, today).measured == 0
    create_metric(account, values={"fact": "average_transaction_size"}, by=alice)
    adoption = create_metric(account, values={"name": "Use", "criterion_code": "fit"}, by=alice)
    found = coverage(account, today)
    assert (found.measured, [row.state[0] for row in found.rows]) == (1, ["warn", "pos"])
    add_measurement(adoption, value=Decimal(5), on=today - timedelta(days=90), by=alice)
    assert coverage(account, today).rows[0].stale
    add_measurement(adoption, value=Decimal(5), on=today, by=alice)
    assert coverage(account, today).measured == 2


def test_one_click_creates_the_metric(sign_in: Any, alice: Any, model: Any, account: Any) -> None:
    client, url = sign_in(alice), reverse("goals:metric_from_library", args=[account.pk])
    for code in ("fit", "size", "size"):
        assert client.post(url, {"criterion": code}).status_code == 302
    assert {(m.criterion_code, m.fact) for m in account.metrics.all()} == {
        ("fit", ""),
        ("size", "average_transaction_size"),
    }
    page = client.get(reverse("goals:metrics", args=[account.pk]))
    assert page.status_code == 200
    assert all(row.metric for row in page.context["coverage"].rows)


def test_the_library_page_costs_the_same_for_any_number_of_accounts(
    sign_in: Any, dana: Any, model: Any
) -> None:
    client, counts = sign_in(dana), []
    client.get(reverse("goals:library"))
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("goals:library")).status_code == 200
        counts.append(len(caught))
        for _number in range(5):
            account = make_account(key_since=date(2026, 1, 1))
            create_metric(account, values={"name": "Use", "criterion_code": "fit"}, by=dana)
    assert counts[0] == counts[1]


def test_the_api_says_what_is_measured_and_creates_the_rest(
    api: Any, alice: Any, model: Any, account: Any
) -> None:
    url = f"/api/v1/accounts/{account.pk}/metric-coverage/"
    body = api(alice).get(url).json()
    assert (body["measured"], [row["criterion"] for row in body["criteria"]]) == (0, ["fit", "size"])
    made = api(alice).post(url, {"criterion": "fit"}, format="json")
    assert (made.status_code, made.json()["criterion_code"]) == (201, "fit")
    assert api(alice).post(url, {"criterion": "nothing"}, format="json").status_code == 422


def test_share_of_wallet_and_projects_are_computed_every_night(account: Any, alice: Any) -> None:
    day = date(2026, 11, 1)
    make_sales(account, [(300, date(2026, 5, 5))])
    AccountYear.objects.create(account=account, year=2026, wallet=1000)
    JointProject.objects.create(
        account=account, title="P", benefit_ours="a", benefit_customer="b", state="running"
    )
    share = create_metric(account, values={"fact": "share_of_wallet"}, by=alice)
    projects = create_metric(account, values={"fact": "joint_projects"}, by=alice)
    Measurement.objects.all().delete()
    assert measure_facts(day) == 2
    assert share.measurements.get().value == Decimal("0.3")
    assert projects.measurements.get().value == 1


def test_a_spend_below_our_revenue_gives_no_share(account: Any, alice: Any) -> None:
    make_sales(account, [(300, date(2026, 5, 5))])
    AccountYear.objects.create(account=account, year=2026, wallet=100)
    create_metric(account, values={"fact": "share_of_wallet"}, by=alice)
    assert measure_facts(date(2026, 11, 1)) == 0


def test_a_table_of_values_is_checked_and_imported(account: Any, alice: Any) -> None:
    metric = create_metric(account, values={"name": "Adoption"}, by=alice)
    name = account.display_name
    text = f"Kunde;Kennzahl;Datum;Wert\n{name};adoption;31.01.2026;64,5\n{name};adoption;28.02.2026;70,5\n"
    text += f"Nobody;adoption;28.02.2026;70,5\n{name};Uptime;28.02.2026;70,5\n{name};adoption;30.02.2026;1\n"
    checked = check_table(KINDS["measurements"], text, by=alice)
    assert (checked.good, [row.number for row in checked.problems]) == (2, [4, 5, 6])
    assert not metric.measurements.exists()
    assert import_table(KINDS["measurements"], text, by=alice).written == 2
    assert metric.measurements.get(measured_on=date(2026, 1, 31)).value == Decimal("64.5")
    assert metric.measurements.first().source == "imported"
    assert import_table(KINDS["measurements"], text, by=alice).written == 0


def test_costs_of_years_are_imported_and_leave_the_rest_alone(account: Any, alice: Any) -> None:
    AccountYear.objects.create(account=account, year=2026, planned_revenue=500)
    name = account.display_name
    text = f"account,year,other_cost\n{name},2026,45000.5\n{name},2025,100\n{name},2024,-1\n"
    result = import_table(KINDS["years"], text, by=alice)
    assert (result.written, [row.number for row in result.problems]) == (2, [4])
    year = AccountYear.objects.get(year=2026)
    assert (year.planned_revenue, year.other_cost) == (500, Decimal("45000.5"))


@pytest.mark.parametrize("text", ["", "a;b\n1;2", "account;metric;day;value\nX;Y;2026-01-01;1.250"])
def test_what_is_no_such_table_is_refused(account: Any, alice: Any, text: str) -> None:
    with pytest.raises(DomainError):
        import_table(KINDS["measurements"], text, by=alice)


def test_nobody_imports_for_an_account_she_does_not_see(account: Any, charlie: Any) -> None:
    text = f"account;year;other_cost\n{account.display_name};2026;5\n"
    assert import_table(KINDS["years"], text, by=charlie).written == 0


def test_the_page_checks_before_it_imports(sign_in: Any, alice: Any, account: Any) -> None:
    client, url = sign_in(alice), reverse("goals:table_import") + "?kind=years"
    text = f"account;year;other_cost\n{account.display_name};2026;5\n"
    assert client.post(url, {"text": text}).context["result"].good == 1
    assert not AccountYear.objects.exists()
    assert client.post(url, {"text": text, "import": "1"}).status_code == 302
    assert AccountYear.objects.get().other_cost == 5
    assert client.get(reverse("goals:table_import") + "?kind=x").context["kind"].code == "measurements"
