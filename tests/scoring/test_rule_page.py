"""A rule on the screen: stated, tried on the portfolio, saved; and what is said about a rule that is none."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from scoring.rule_preview import preview
from tests.factories import make_account, make_criterion, make_model, make_sales

pytestmark = pytest.mark.django_db
LINEAR = {"type": "linear", "bounds": "portfolio"}
GIVEN = {"fact": "revenue", "window": "all", "basis": "net", "kind": "linear", "direction": "higher"}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def sell(*amounts: int) -> None:
    for amount in amounts:
        make_sales(make_account(), [(amount, date(2026, 3, 1))])


def make_rule_criterion() -> Any:
    return make_criterion(source="computed", fact="revenue", rule=LINEAR)


def test_the_preview_counts_ratings_outliers_and_missing_values() -> None:
    sell(100, 200, 300, 400, 10_000)
    shown = preview("revenue", {"type": "linear", "bounds": [0, 1000]}, as_of=date(2026, 6, 30))
    assert (shown.accounts, shown.rated, shown.outliers) == (5, 5, 1)
    assert [rating for rating, count in shown.ratings if count] == [2, 3, 4, 5, 10]
    gaps = preview("median_gap_days", LINEAR, as_of=date(2026, 6, 30))
    assert (gaps.facts.missing, gaps.rated, len(gaps.warnings)) == (5, 0, 1)


def test_equal_values_and_a_crowded_rating_are_pointed_out() -> None:
    sell(500, 500, 500)
    assert "same value" in preview("revenue", LINEAR).warnings[0]
    sell(10, 100_000)
    assert preview("revenue", LINEAR).warnings[0].startswith("80% of the rated accounts get a 1.")


def test_a_portfolio_without_orders_says_so() -> None:
    assert preview("revenue", LINEAR).warnings == ["No account has orders yet; there is nothing to look at."]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"kind": "linear", "low": "10", "high": "5"}, "low"),
        ({"kind": "linear", "low": "5", "high": "5"}, "low"),
        ({"kind": "linear", "low": "5"}, "low"),
        ({"kind": "log", "low": "0", "high": "5"}, "low"),
        ({"kind": "steps", "steps": ""}, "steps"),
        ({"kind": "steps", "steps": "10; 4\n5; 7"}, "steps"),
        ({"kind": "steps", "steps": "10; 11"}, "steps"),
        ({"kind": "steps", "steps": "ten; 4"}, "steps"),
    ],
)
def test_a_rule_that_is_none_is_explained_and_not_saved(
    sign_in: Any, dana: Any, rule: Any, field: str
) -> None:
    criterion = make_rule_criterion()
    answer = sign_in(dana).post(f"/scoring/criteria/{criterion.pk}/rule/", GIVEN | rule)
    criterion.refresh_from_db()
    assert list(answer.context["form"].errors) == [field]
    assert criterion.rule == LINEAR


def test_a_rule_is_looked_at_and_then_saved(sign_in: Any, dana: Any) -> None:
    sell(100, 1000, 10_000)
    criterion, browser = make_rule_criterion(), sign_in(dana)
    url = f"/scoring/criteria/{criterion.pk}/rule/"
    given = GIVEN | {"kind": "steps", "steps": "500; 5\n5000; 9,5"}
    fragment = browser.get(url, given, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert [pair for pair in fragment.context["preview"].ratings if pair[1]] == [(1, 1), (5, 1), (10, 1)]
    assert "<html" in browser.get(url, given).content.decode()
    criterion.refresh_from_db()
    assert criterion.rule == LINEAR
    browser.post(url, given)
    criterion.refresh_from_db()
    assert criterion.rule["steps"] == [[500, 5], [5000, 9.5]]
    assert browser.get(url).context["form"]["steps"].value() == "500; 5\n5000; 9.5"


def test_what_a_saved_rule_does_is_asked_for_as_the_page_opens(sign_in: Any, dana: Any) -> None:
    browser, loads = sign_in(dana), 'hx-include="form.rule" hx-trigger="load"'
    url = f"/scoring/criteria/{make_rule_criterion().pk}/rule/"
    assert loads in browser.get(url).content.decode()
    assert loads not in browser.get(f"/scoring/criteria/{make_criterion().pk}/rule/").content.decode()
    asked = browser.get(url, GIVEN | {"low": "0", "high": "9"}, headers={"HX-Request": "true"})
    assert loads not in asked.content.decode()


def test_a_rated_criterion_can_be_computed_instead(sign_in: Any, dana: Any) -> None:
    sell(100)
    criterion = make_criterion(growth_metric="days_beyond_terms")
    browser, url = sign_in(dana), f"/scoring/criteria/{criterion.pk}/rule/"
    form = browser.get(url).context["form"]
    assert (form["fact"].value(), form["kind"].value()) == ("days_beyond_terms", "days_beyond_terms")
    assert form["direction"].value() == "lower"
    given = GIVEN | {"fact": "days_beyond_terms", "kind": "days_beyond_terms", "low": "0", "high": "45"}
    assert browser.post(url, given | {"direction": "lower"}).status_code == 302
    criterion.refresh_from_db()
    assert (criterion.source, criterion.fact) == ("computed", "days_beyond_terms")


def test_a_criterion_that_a_model_uses_keeps_its_source(sign_in: Any, dana: Any) -> None:
    sell(100)
    criterion = make_criterion()
    make_model((criterion, 1.0))
    url = f"/scoring/criteria/{criterion.pk}/rule/"
    answer = sign_in(dana).post(url, GIVEN, headers={"Accept-Language": "en"})
    assert "uses this criterion" in answer.context["form"].non_field_errors()[0]
    criterion.refresh_from_db()
    assert criterion.source == "rated"
