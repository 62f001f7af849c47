"""Values typed in on the page, tables taken back exactly, and metrics that fall silent."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Activity, Task
from goals.actions.metrics import add_measurement, add_values, create_metric
from goals.actions.nightly import raise_alerts
from goals.actions.row_tables import check_table, import_table
from goals.actions.table_undo import undo_table
from goals.gaps import Silence, silences
from goals.metric_page import metric_sheet
from goals.models import AccountYear, Measurement, Metric, TableImport
from goals.row_tables import KINDS
from goals.values import value_text
from kam.lib.errors import DomainError, InvalidInput
from tests.factories import make_goal, make_user

TODAY = date(2026, 11, 20)


@pytest.fixture
def metric(account: Any, alice: Any) -> Metric:
    return create_metric(account, values={"name": "Adoption", "unit": "%"}, by=alice)


@pytest.fixture
def other(account: Any, alice: Any) -> Metric:
    return create_metric(account, values={"name": "Uptime"}, by=alice)


def url(account: Any) -> str:
    return reverse("goals:metrics", args=[account.pk])


def typed(client: Any, account: Any, values: dict[Any, str], on: str = "2026-10-31") -> Any:
    body = {"on": on} | {str(metric.pk): text for metric, text in values.items()}
    return client.post(url(account), body, headers={"Accept-Language": "de"})


def test_several_values_are_typed_in_at_once(
    sign_in: Any, alice: Any, account: Any, metric: Metric, other: Metric
) -> None:
    answer = typed(sign_in(alice), account, {metric: "64,5", other: ""})
    assert answer.status_code == 302
    row = metric.measurements.get()
    assert (row.value, row.measured_on, row.created_by) == (Decimal("64.5"), date(2026, 10, 31), alice)
    assert (row.source, other.measurements.count()) == ("typed", 0)


def test_all_values_are_written_or_none(
    sign_in: Any, alice: Any, account: Any, metric: Metric, other: Metric
) -> None:
    answer = typed(sign_in(alice), account, {metric: "64,5", other: "viel"})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [str(other.pk)]
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(("on", "text"), [("2999-01-01", "5"), ("2026-10-31", ""), ("", "5"), ("x", "5")])
def test_what_cannot_be_is_explained_beside_its_field(
    sign_in: Any, alice: Any, account: Any, metric: Metric, on: str, text: str
) -> None:
    answer = typed(sign_in(alice), account, {metric: text}, on)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert not Measurement.objects.exists()


def test_a_value_that_does_not_fit_names_its_metric(alice: Any, metric: Metric, other: Metric) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_values({metric: Decimal(1), other: Decimal("1e15")}, on=TODAY - timedelta(days=30), by=alice)
    assert refused.value.field == str(other.pk)
    assert not Measurement.objects.exists()


def test_readers_see_no_form_and_may_not_write(sign_in: Any, rita: Any, account: Any, metric: Metric) -> None:
    client = sign_in(rita)
    assert b"values-form" not in client.get(url(account)).content
    assert typed(client, account, {metric: "5"}).status_code == 403


def test_a_computed_metric_has_no_field(sign_in: Any, alice: Any, account: Any, metric: Metric) -> None:
    create_metric(account, values={"fact": "revenue"}, by=alice)
    assert list(sign_in(alice).get(url(account)).context["form"].metrics) == [str(metric.pk)]


# -- undo ---------------------------------------------------------------------------------------


def table(account: Any, rows: str, by: Any, kind: str = "measurements") -> TableImport:
    head = (
        "account;metric;day;value;note" if kind == "measurements" else "account;year;planned_revenue;wallet"
    )
    found = import_table(
        KINDS[kind], head + "".join(f"\n{account.name};{row}" for row in rows.split("|")), by=by
    )
    assert not found.problems and found.table is not None
    return found.table


def rows_of(model: Any) -> list[Any]:
    return list(model.objects.order_by("pk").values_list(*_columns(model)))


def _columns(model: Any) -> list[str]:
    return [f.attname for f in model._meta.fields if f.attname not in ("updated_at", "version")]


def test_an_undo_puts_every_value_back_exactly(account: Any, alice: Any, metric: Metric) -> None:
    bob = make_user("Bert")
    add_measurement(metric, value=Decimal("1.5"), on=date(2026, 9, 30), by=bob, note="counted", source="api")
    before = rows_of(Measurement)
    done = table(account, "Adoption;2026-09-30;2;|Adoption;2026-10-31;3;x|Adoption;2026-10-31;4;y", alice)
    assert metric.measurements.count() == 2
    undone = undo_table(done, by=alice)
    assert (rows_of(Measurement), undone.kept) == (before, 0)
    assert Activity.objects.filter(verb="metric_table.undone").count() == 1


def test_what_was_changed_since_stays(account: Any, alice: Any, metric: Metric) -> None:
    done = table(account, "Adoption;2026-09-30;2;|Adoption;2026-10-31;3;", alice)
    add_measurement(metric, value=Decimal(9), on=date(2026, 10, 31), by=alice)
    assert undo_table(done, by=alice).kept == 1
    assert [row.value for row in metric.measurements.all()] == [9]


def test_years_are_put_back_and_their_readers_learn_of_it(account: Any, alice: Any) -> None:
    year = AccountYear.objects.create(account=account, year=2026, planned_revenue=500, wallet_source="x")
    before = rows_of(AccountYear)
    done = table(account, "2026;700;9000|2027;800;", alice, "years")
    version = AccountYear.objects.get(pk=year.pk).version
    undo_table(done, by=alice)
    assert rows_of(AccountYear) == before
    assert AccountYear.objects.get(pk=year.pk).version == version + 1


def test_it_is_undone_once(account: Any, alice: Any, metric: Metric) -> None:
    done = table(account, "Adoption;2026-09-30;2;", alice)
    undo_table(done, by=alice)
    with pytest.raises(DomainError):
        undo_table(done, by=alice)


def test_whose_author_has_left_is_undone_all_the_same(account: Any, alice: Any, metric: Metric) -> None:
    clerk, helper = make_user("Clerk", "leader"), make_user("Helper")
    add_measurement(metric, value=Decimal(1), on=date(2026, 9, 30), by=helper)
    done = table(account, "Adoption;2026-09-30;2;", clerk)
    Activity.objects.all().delete()
    clerk.delete()
    helper.delete()
    assert undo_table(done, by=alice).kept == 0
    assert metric.measurements.get().value == 1


def test_a_check_and_a_table_without_news_leave_nothing_to_undo(
    account: Any, alice: Any, metric: Metric
) -> None:
    text = f"account;metric;day;value\n{account.name};Adoption;2026-09-30;2"
    assert check_table(KINDS["measurements"], text, by=alice).good == 1
    assert not TableImport.objects.exists()
    import_table(KINDS["measurements"], text, by=alice)
    assert import_table(KINDS["measurements"], text, by=alice).table is None
    assert TableImport.objects.count() == 1


def test_the_page_lists_ones_own_imports_and_takes_them_back(
    sign_in: Any, alice: Any, bob: Any, account: Any, metric: Metric
) -> None:
    done = table(account, "Adoption;2026-09-30;2;", alice)
    page, undo = reverse("goals:table_import"), reverse("goals:table_undo", args=[done.pk])
    assert list(sign_in(bob).get(page).context["tables"]) == []
    assert sign_in(bob).post(undo).status_code == 404
    assert list(sign_in(alice).get(page).context["tables"]) == [done]
    assert sign_in(alice).post(undo).status_code == 302
    assert not Measurement.objects.exists()
    assert sign_in(alice).post(undo, follow=True).status_code == 200


# -- silence ------------------------------------------------------------------------------------


def test_silence_is_longer_than_agreed_and_may_go_on() -> None:
    days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 6, 30)]
    assert silences(days, 35, date(2026, 7, 20)) == [Silence(days[1], days[2], 122)]
    assert silences(days, 35, date(2026, 9, 1))[0] == Silence(days[2], None, 63)
    assert silences([], 35, TODAY) == [] == silences(days, 400, TODAY)


def page_of(client: Any, metric: Metric) -> str:
    answer = client.get(reverse("goals:metric", args=[metric.pk]), headers={"Accept-Language": "en"})
    return str(answer.content.decode())


def test_the_page_names_missing_months_and_draws_no_line_through_them(
    sign_in: Any, alice: Any, metric: Metric
) -> None:
    today = timezone.localdate()
    for back in (300, 270, 120, 90):
        add_measurement(metric, value=Decimal(back), on=today - timedelta(days=back), by=alice)
    sheet = metric_sheet(metric, today, "EUR")
    assert [each.until for each in sheet.silences] == [None, today - timedelta(days=120)]
    assert sheet.chart is not None and sheet.chart.table.rows[2][1] == "–"
    text = page_of(sign_in(alice), metric)
    assert "No longer delivered" in text and "150 days" in text


def test_a_metric_without_a_value_says_how_to_bring_one(sign_in: Any, alice: Any, metric: Metric) -> None:
    text = page_of(sign_in(alice), metric)
    assert "Type the first one in" in text


def test_a_metric_that_no_goal_waits_for_is_asked_for_once(alice: Any, account: Any, metric: Metric) -> None:
    add_measurement(metric, value=Decimal(5), on=date(2026, 1, 31), by=alice)
    assert raise_alerts(date(2026, 3, 1)) == 0
    assert raise_alerts(date(2026, 4, 1)) == 1
    assert raise_alerts(date(2026, 4, 2)) == 0
    assert Task.objects.get().assignee == alice


def test_a_goal_and_its_metric_ask_only_once(alice: Any, account: Any, metric: Metric) -> None:
    make_goal(account, metric=metric, start_value=0, target_value=9, owner=alice)
    add_measurement(metric, value=Decimal(5), on=date(2026, 1, 31), by=alice)
    raise_alerts(date(2026, 4, 1))
    assert Task.objects.filter(key__endswith=":stale").count() == 1
    account.goals.update(closed_at=timezone.now())
    assert raise_alerts(date(2026, 4, 2)) == 0


def test_more_values_need_no_more_queries(sign_in: Any, alice: Any, account: Any, metric: Metric) -> None:
    client, counts, today = sign_in(alice), [], timezone.localdate()
    client.get(reverse("goals:metric", args=[metric.pk]))
    for size in (2, 40):
        for back in range(size):
            add_measurement(metric, value=Decimal(back), on=today - timedelta(days=back), by=alice)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("goals:metric", args=[metric.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("value", "text"), [("1", "1 Tag"), ("1.5", "1,5 Tage"), ("0", "0 Tage"), ("2", "2 Tage")]
)
def test_days_between_one_and_two_are_a_plural(value: str, text: str) -> None:
    with translation.override("de"):
        assert value_text(value, Metric(fact="median_gap_days"), "EUR") == text


def test_the_refused_rows_of_a_table_have_a_landmark_of_their_own(sign_in, alice) -> None:
    page = sign_in(alice).post(
        "/goals/metrics/import/", {"text": "account;metric;day;value\n1;x;2026-10-31;y"}
    )
    assert page.content.decode().count('aria-labelledby="result-title"') == 1
