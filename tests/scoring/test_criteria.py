"""The library of criteria."""

from typing import Any

import pytest

from kam.lib.errors import DomainError, InvalidInput
from scoring.actions.criteria import (
    archive_criterion,
    create_criterion,
    criterion_of_fact,
    ensure_shipped_criteria,
    update_criterion,
)
from scoring.models import Criterion
from scoring.rules import validate_rule
from scoring.shipped_criteria import SHIPPED
from tests.factories import make_criterion, make_model

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped() -> None:
    """A test with transactions of its own may have emptied the tables that the migrations filled."""
    ensure_shipped_criteria()


@pytest.mark.parametrize("values", SHIPPED, ids=lambda values: values["code"])
def test_a_shipped_criterion_says_what_1_4_7_and_10_mean_in_both_languages(values: dict[str, Any]) -> None:
    for language in ("de", "en"):
        assert set(values["anchors"][language]) == {"1", "4", "7", "10"}
        assert values[f"need_{language}"]
        assert values[f"data_source_{language}"]
    assert values["growth_metric"]


def test_the_ten_criteria_of_the_guide_are_there() -> None:
    assert Criterion.objects.filter(is_shipped=True).count() == len(SHIPPED) == 10
    for criterion in Criterion.objects.filter(source="computed"):
        validate_rule(criterion.rule)


def test_shipping_again_changes_nothing_that_people_changed() -> None:
    Criterion.objects.filter(code="solvency").update(name_en="Credit")
    assert ensure_shipped_criteria() == 0
    assert Criterion.objects.get(code="solvency").name_en == "Credit"


def test_it_makes_the_criterion_of_a_fact_once(dana: Any) -> None:
    first = criterion_of_fact("revenue", by=dana)
    assert criterion_of_fact("revenue", by=dana) == first
    assert (first.code, first.name_de, first.name_en) == ("revenue", first.name_de, "Revenue")


def test_an_unknown_fact_is_refused_with_the_list_of_facts(dana: Any) -> None:
    with pytest.raises(InvalidInput, match="average_transaction_size"):
        criterion_of_fact("charm", by=dana)


def test_a_code_is_given_once(dana: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_criterion(by=dana, code="solvency", name_de="B", name_en="S")
    assert refused.value.code == "code_taken"
    with pytest.raises(InvalidInput) as refused:
        update_criterion(make_criterion("own"), by=dana, code="solvency")
    assert refused.value.code == "code_taken"


def test_a_rule_that_gives_no_rating_is_refused(dana: Any) -> None:
    criterion = Criterion.objects.get(code="tenure_days")
    with pytest.raises(InvalidInput) as refused:
        update_criterion(criterion, by=dana, rule={"type": "linear", "bounds": [10, 1]})
    assert refused.value.code == "bounds_reversed"


def test_a_criterion_in_use_is_not_archived(dana: Any) -> None:
    criterion = make_criterion()
    make_model((criterion, 1.0))
    with pytest.raises(DomainError) as refused:
        archive_criterion(criterion, by=dana)
    assert refused.value.code == "criterion_in_use"


@pytest.mark.parametrize("change", [{"source": "computed", "fact": "revenue"}, {"fact": "orders"}])
def test_what_a_model_computes_does_not_change_behind_its_back(dana: Any, change: dict[str, Any]) -> None:
    rule = {"type": "percentile", "direction": "higher"}
    computed = {"source": "computed", "fact": "revenue", "rule": rule} if "source" not in change else {}
    criterion = make_criterion(**computed)
    model = make_model((criterion, 1.0), state="retired")
    with pytest.raises(DomainError) as refused:
        update_criterion(criterion, by=dana, **change)
    assert refused.value.code == "criterion_in_use"
    assert str(model) in str(refused.value)
    update_criterion(criterion, by=dana, name_en="Another name")
    model.delete()
    assert update_criterion(criterion, by=dana, **change).fact == change["fact"]


def test_the_page_says_what_nobody_has_written_down_about_a_criterion(sign_in: Any, dana: Any) -> None:
    Criterion.objects.all().delete()
    criterion = make_criterion()
    browser = sign_in(dana)
    assert browser.get("/scoring/criteria/").content.decode().count("hat noch niemand festgehalten") == 2
    anchors = {"de": {"1": "Fern", "10": "Nah"}}
    update_criterion(criterion, by=dana, need_de="Kurze Wege", anchors=anchors, may_be_not_applicable=False)
    page = browser.get("/scoring/criteria/").content.decode()
    assert "hat noch niemand festgehalten" not in page
    assert "nicht anwendbar" not in page


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rule": [[1]]}, "rule"),
        ({"fact": "1e308"}, "fact"),
        ({"anchors": {"fr": {"1": "rien"}}}, "anchors"),
        ({"anchors": {"de": {"2": "wenig"}}}, "anchors"),
        ({"questions": [{}]}, "questions"),
        ({"questions": [{"fr": "Quoi?"}]}, "questions"),
    ],
)
def test_a_criterion_keeps_nothing_that_no_page_shows(dana: Any, given: dict[str, Any], field: str) -> None:
    criterion = create_criterion(by=dana, code="own-fit", name_de="Passung", name_en="Fit")
    with pytest.raises(InvalidInput) as refused:
        update_criterion(criterion, by=dana, **given)
    assert refused.value.field == field
