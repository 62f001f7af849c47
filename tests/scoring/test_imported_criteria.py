"""Criteria whose values come from a table or over the API: nobody is asked, and the latest value stands."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from kam.lib.errors import InvalidInput
from scoring.actions.rating_imports import check_rows, commit_import
from scoring.actions.rounds import create_round
from scoring.models import Criterion, Rating
from tests.factories import make_criterion, make_model, make_rating, make_run

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def credit() -> Any:
    return make_criterion("credit", name_de="Bonität", name_en="Credit", source="imported")


def test_one_is_written_on_the_form_and_says_so_in_the_library(sign_in: Any, dana: Any) -> None:
    values = {"code": "credit", "name_de": "Bonität", "name_en": "Credit", "source": "imported"}
    browser = sign_in(dana)
    browser.post(
        "/scoring/criteria/new/", values | {"basis": "net", "window": "all", "anchor_1_de": "Ausfall"}
    )
    made = Criterion.objects.get(code="credit")
    assert (made.source, made.fact, made.rule, made.anchors["de"]) == ("imported", "", {}, {"1": "Ausfall"})
    page = browser.get("/scoring/criteria/").content.decode()
    assert "importiert" in page


def test_its_values_come_from_a_table_and_over_the_api(
    api: Any, account: Any, alice: Any, credit: Any
) -> None:
    row = {"account": account.name, "criterion": "credit", "rating": "7"}
    commit_import(check_rows([(2, row)], name="credit.csv", by=alice), by=alice)
    assert Rating.objects.get().value == 7
    cell = {"account": str(account.pk), "criterion": "credit", "value": 8}
    assert api(alice).post("/api/v1/ratings/bulk/", {"ratings": [cell]}, format="json").status_code == 200
    assert Rating.objects.get().value == 8


def test_people_are_not_asked_for_it(
    sign_in: Any, account: Any, alice: Any, bob: Any, dana: Any, credit: Any
) -> None:
    browser = sign_in(alice)
    assert "Credit" not in browser.get("/scoring/ratings/", headers=ENGLISH).content.decode()
    url = f"/scoring/ratings/{account.pk}/{credit.pk}/"
    assert browser.get(url).status_code == 404
    assert browser.post(f"{url}save/", {"value": "7"}).status_code == 404
    with pytest.raises(InvalidInput):
        create_round("Autumn", criteria=[credit], raters=[alice, bob], by=dana)


@pytest.mark.parametrize(("with_rated", "total"), [(False, 3.0), (True, 4.0)])
def test_the_latest_value_stands_and_is_not_averaged(
    account: Any, alice: Any, bob: Any, credit: Any, with_rated: bool, total: float
) -> None:
    """9 in January, 3 in June; people's 4 and 6 are averaged to 5 beside it."""
    make_rating(account, credit, alice, 9, rated_on=date(2026, 1, 1))
    make_rating(account, credit, bob, 3, rated_on=date(2026, 6, 1))
    weights = [(credit, 1.0)]
    if with_rated:
        fit = make_criterion("fit")
        make_rating(account, fit, alice, 4, rated_on=date(2026, 1, 1))
        make_rating(account, fit, bob, 6, rated_on=date(2026, 6, 1))
        weights = [(credit, 0.5), (fit, 0.5)]
    model = make_model(*weights)
    assert make_run(model, as_of=timezone.localdate()).scores.get().total == pytest.approx(total)
    january = make_run(model, as_of=date(2026, 2, 1)).scores.get()
    assert january.total == pytest.approx(9.0 if not with_rated else 6.5)
