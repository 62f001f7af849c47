"""Goals, measurements, plans and rates in the admin panel: leaders look, nobody changes past the actions."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from goals.models import (
    AccountPeriod,
    AccountYear,
    BetaLimits,
    Challenge,
    CostRates,
    GoalTarget,
    JointProject,
    Measurement,
    Metric,
    Milestone,
    Plan,
    Procedure,
    TableImport,
    ValueEntry,
)
from tests.factories import make_account, make_goal

DAY = date(2026, 6, 1)
PART_OF_ANOTHER = {"GoalTarget", "GoalActivity", "Milestone", "PlaybookStep"}
MODELS = [
    model for model in apps.get_app_config("goals").get_models() if model.__name__ not in PART_OF_ANOTHER
]


def url(model: Any, page: str, *arguments: Any) -> str:
    return reverse(f"admin:goals_{model._meta.model_name}_{page}", args=arguments)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_is_looked_at_by_leaders_and_added_to_by_nobody(
    sign_in: Any, dana: Any, model: Any
) -> None:
    assert model in admin.site._registry, f"{model.__name__} is not in the admin panel"
    browser = sign_in(dana)
    assert browser.get(url(model, "changelist")).status_code == 200
    assert browser.get(url(model, "changelist"), {"q": "press"}).status_code == 200
    assert browser.get(url(model, "add")).status_code == 403


def test_only_leaders_look(sign_in: Any, alice: Any) -> None:
    assert sign_in(alice).get(url(Measurement, "changelist")).status_code == 302


@pytest.fixture
def rows(account: Any) -> list[Any]:
    metric = Metric.objects.create(account=account, name="Adoption")
    of = {"account": account}
    return [
        Measurement.objects.create(metric=metric, measured_on=DAY, value=5),
        TableImport.objects.create(kind="years", written=3),
        CostRates.objects.create(pk=1),
        BetaLimits.objects.create(pk=1),
        Plan.objects.create(why="They grow", **of),
        AccountYear.objects.create(year=2026, planned_revenue=100, **of),
        AccountPeriod.objects.create(name="2026", start_on=DAY, end_on=DAY, **of),
        Procedure.objects.create(title="Orders", **of),
        JointProject.objects.create(title="Pilot", **of),
        Challenge.objects.create(title="Waste", raised_on=DAY, **of),
        ValueEntry.objects.create(direction="give", text="Training", occurred_on=DAY, **of),
    ]


def test_each_row_is_shown_and_neither_changed_nor_deleted(sign_in: Any, dana: Any, rows: list[Any]) -> None:
    browser = sign_in(dana)
    for row in rows:
        assert browser.get(url(type(row), "change", row.pk)).status_code == 200
        assert browser.post(url(type(row), "change", row.pk), {}).status_code == 403
        assert browser.post(url(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
        assert type(row).objects.filter(pk=row.pk).exists()


def test_a_goal_shows_its_milestones_and_its_earlier_targets(sign_in: Any, dana: Any, account: Any) -> None:
    goal = make_goal(account)
    Milestone.objects.create(goal=goal, title="Pilot runs", due_on=DAY)
    GoalTarget.objects.create(goal=goal, due_on=DAY, reason="The customer waits for a permit")
    page = sign_in(dana).get(url(type(goal), "change", goal.pk)).content.decode()
    assert "Pilot runs" in page
    assert "The customer waits for a permit" in page


def test_figures_and_years_are_written_as_people_write_them(sign_in: Any, dana: Any, account: Any) -> None:
    AccountYear.objects.create(account=account, year=2026, planned_revenue="460000.5000")
    page = (
        sign_in(dana).get(url(AccountYear, "changelist"), headers={"Accept-Language": "en"}).content.decode()
    )
    assert "460,000.5<" in page
    assert ">2026<" in page


def test_what_was_shipped_is_told_until_somebody_changes_it(sign_in: Any, dana: Any) -> None:
    browser, told = sign_in(dana), "What holds: cost of an hour: 75;"
    page = url(CostRates, "changelist")
    assert told in browser.get(page, headers={"Accept-Language": "en"}).content.decode()
    CostRates.objects.create(pk=1, hourly_rate=80)
    assert told not in browser.get(page, headers={"Accept-Language": "en"}).content.decode()


def test_measurements_take_the_same_queries_for_any_number(
    sign_in: Any, dana: Any, django_assert_max_num_queries: Any
) -> None:
    browser = sign_in(dana)
    for count in (1, 6):
        for number in range(count):
            metric = Metric.objects.create(account=make_account(), name=f"Adoption {number}")
            Measurement.objects.create(metric=metric, measured_on=DAY, value=5, created_by=dana)
        with django_assert_max_num_queries(9):
            assert browser.get(url(Measurement, "changelist")).status_code == 200


def test_what_an_imported_table_was_about_is_said_in_words(sign_in, dana) -> None:
    TableImport.objects.create(kind="measurements", created_by=dana)
    address = url(TableImport, "changelist")
    page = sign_in(dana).get(address, headers={"Accept-Language": "en"}).content.decode()
    assert ("Values of metrics" in page, ">measurements<" in page) == (True, False)
