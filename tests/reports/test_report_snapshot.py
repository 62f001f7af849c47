"""What a progress report says: the figures of the account, frozen, and nothing that changes by itself."""

import json
import re
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.facts import account_facts
from accounts.models import Task
from goals.models import Measurement, Metric, Promise
from kam.lib.charting import Frame, Measure
from reports.columns import Column, columns, unit_of
from reports.document import document
from reports.figures import quarters
from reports.redaction import redact
from reports.snapshot import Order, build_snapshot, data_of, digest
from scoring.explain import explain_account
from tests.factories import (
    make_criterion,
    make_goal,
    make_model,
    make_offering,
    make_rating,
    make_run,
    make_sales,
)

TODAY = date(2026, 6, 30)


@pytest.fixture
def voltaik(account, alice):
    """An account with two years of orders, goals, a promise, a task and a score."""
    press, care = make_offering(name="Press"), make_offering(name="Care")
    make_sales(account, [("400", date(2024, 8, 1)), ("600", date(2025, 2, 3))], offering=press)
    make_sales(
        account,
        [("900", date(2025, 9, 1)), ("500", date(2026, 5, 4)), ("-100", date(2026, 5, 9))],
        offering=care,
    )
    metric = Metric.objects.create(account=account, name="Downtime", unit="%", direction="down")
    Measurement.objects.create(metric=metric, measured_on=date(2026, 6, 1), value=Decimal("2.4"))
    make_goal(
        account,
        "Less downtime",
        metric=metric,
        start_value=4,
        target_value=3,
        visibility="shareable",
        owner=alice,
    )
    Promise.objects.create(
        account=account, text="Price list", promised_on=date(2026, 6, 1), due_on=date(2026, 6, 20)
    )
    Task.objects.create(account=account, title="Check prices", due_on=date(2026, 7, 2), assignee=alice)
    model = make_model((make_criterion("fit", name_en="Fit"), 1.0))
    make_rating(account, model.items.get().criterion, alice, 8)
    make_run(model, as_of=TODAY)
    return account


def snapshot_of(account, audience="internal", language="en", **values):
    return build_snapshot(Order(account, values.pop("as_of", TODAY), audience, language), **values)[0]


def test_its_figures_are_the_facts(voltaik):
    facts = account_facts(voltaik, as_of=TODAY, window="12m")
    summary = data_of(snapshot_of(voltaik), "summary")
    assert Decimal(summary["revenue"]) == facts.revenue == Decimal(1300)
    assert (summary["orders"], summary["growth"]) == (facts.orders, facts.growth)


def test_the_effects_of_orders_and_size_add_up(voltaik):
    change = {
        key: Decimal(value)
        for key, value in data_of(snapshot_of(voltaik), "change").items()
        if key in ("before", "after", "orders_effect", "size_effect")
    }
    assert change["before"] + change["orders_effect"] + change["size_effect"] == change["after"]


def test_the_quarters_hold_every_order_of_their_days(voltaik):
    rows = data_of(snapshot_of(voltaik), "revenue")["quarters"]
    assert [(row["from"], row["actual"], row["previous"]) for row in rows if Decimal(row["actual"])] == [
        ("2024-07-01", "400.00", "0.00"),
        ("2025-01-01", "600.00", "0.00"),
        ("2025-07-01", "900.00", "400.00"),
        ("2026-04-01", "400.00", "0.00"),
    ]


def test_a_quarter_that_is_not_over_is_compared_with_the_same_days(account):
    make_sales(account, [("10", date(2025, 4, 5)), ("70", date(2025, 6, 1)), ("20", date(2026, 4, 6))])
    last = data_of(snapshot_of(account, as_of=date(2026, 4, 30)), "revenue")["quarters"][-1]
    assert (last["partial"], last["until"], last["actual"], last["previous"]) == (
        True,
        "2026-04-30",
        "20.00",
        "10.00",
    )


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_eight_quarters_follow_each_other_and_end_with_the_day(day, start):
    spans = quarters(day, start)
    assert len(spans) == 8
    assert all(end == following for (_a, end), (following, _b) in pairwise(spans))
    assert spans[-1][0] <= day < spans[-1][1]
    assert (spans[0][0].month - start) % 3 == 0


def test_the_score_is_the_stored_one_with_its_model_version(voltaik):
    score, found = data_of(snapshot_of(voltaik), "score"), explain_account(voltaik)
    assert (score["total"], score["rank"], score["version"]) == (found.score.total, found.score.rank, 1)
    assert [part["name"] for part in score["parts"]] == ["Fit"]


def test_a_later_score_run_is_not_told_of_an_earlier_day(voltaik):
    assert data_of(snapshot_of(voltaik, as_of=date(2026, 6, 29)), "score") == {}


def test_open_promises_come_first(voltaik):
    first = snapshot_of(voltaik)["parts"][0]
    assert (first["code"], first["message"]) == ("promises", "1 promise is open, 1 is overdue")


def test_each_part_has_a_message_in_the_language_of_the_report(voltaik):
    english, german = snapshot_of(voltaik), snapshot_of(voltaik, language="de")
    assert (
        english["title"] == "Müller Maschinenbau GmbH: Revenue is 30% above the year before, carried by Care"
    )
    assert (
        german["title"]
        == "Müller Maschinenbau GmbH: Der Umsatz liegt 30\u00a0% über dem Vorjahr, getragen von „Care“"
    )
    assert all(part["message"] for part in english["parts"])


def test_every_figure_of_an_internal_report_names_its_source(voltaik):
    assert data_of(snapshot_of(voltaik), "summary")["source"].endswith(
        "lines/?as_of=2026-06-30&window=12m&basis=net"
    )


def test_the_same_database_gives_the_same_snapshot(voltaik):
    assert digest(snapshot_of(voltaik)) == digest(snapshot_of(voltaik))


def test_a_snapshot_survives_the_database_as_it_is(voltaik):
    snapshot = snapshot_of(voltaik)
    assert json.loads(json.dumps(snapshot)) == snapshot


def test_it_says_what_is_different_from_the_last_report(voltaik):
    before = snapshot_of(voltaik, as_of=date(2026, 3, 31))
    since = snapshot_of(voltaik, previous=before)["since"]
    assert {"code": "revenue", "before": "900.00", "now": "1300.00"} in since["rows"]
    assert since["as_of"] == "2026-03-31"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("audience", ["internal", "customer"])
def test_an_account_without_anything_has_a_report_too(account, audience, language):
    shown = document(snapshot_of(account, audience, language))
    assert all(section.title for section in shown.sections)


def test_the_document_is_made_of_the_snapshot_alone(voltaik, django_assert_num_queries):
    snapshot = snapshot_of(voltaik)
    with django_assert_num_queries(0):
        document(snapshot)


@pytest.mark.parametrize(
    ("amount", "unit"), [("9999", 1), ("10000", 1000), ("999999", 1000), ("1000000", 10**6)]
)
def test_columns_are_written_in_a_unit_that_fits(amount, unit):
    assert unit_of([Decimal(amount)], "EUR")[0] == unit


def test_a_column_without_revenue_says_nought_and_no_cents():
    rows = [Column("Q1", Decimal(0), Decimal(0)), Column("Q2", Decimal(3_510), Decimal(0))]
    drawn = columns(
        Frame("Revenue"), [*rows, Column("Q3", Decimal(71_000), Decimal(0))], Measure("money")
    ).svg
    assert [text for text in re.findall(r">([0-9.,]+)</text>", drawn) if text[0].isdigit()] == [
        "0",
        "3,51",
        "71",
    ]


def test_what_has_no_rule_stays_inside():
    shown, hidden = redact({"new": {"secret": "x"}, "steps": {"rows": [], "budget": 3}})
    assert shown == {"steps": {"rows": []}}
    assert hidden == [
        {"part": "new", "field": "", "count": 1},
        {"part": "steps", "field": "budget", "count": 1},
    ]


def test_a_row_that_is_not_shareable_stays_inside():
    row = {"title": "A", "who": "", "due_on": None}
    rows = [{**row, "visibility": "internal"}, {**row, "visibility": "shareable"}]
    assert redact({"steps": {"rows": rows}})[0] == {"steps": {"rows": [row]}}
