"""Ratings by people: one cell a rater, missing stays missing."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from accounts.models import Activity
from accounts.templatetags.timeline import entry_sentence
from kam.lib.errors import Conflict, InvalidInput
from scoring.actions.ratings import Judgement, clear_rating, rate
from scoring.models import Rating, Score
from tests.factories import make_account, make_criterion, make_model, make_rating, make_run

pytestmark = pytest.mark.django_db


def test_rating_a_cell_again_replaces_it(account: Any, alice: Any) -> None:
    criterion = make_criterion()
    rate(account, criterion, Judgement(Decimal(7)), by=alice)
    rating = rate(account, criterion, Judgement(Decimal("7.5")), by=alice)
    assert Rating.objects.count() == 1
    assert (rating.value, rating.version) == (Decimal("7.5"), 2)


@pytest.mark.parametrize("value", ["0.9", "10.1", "7.55", "NaN", None])
def test_what_is_off_the_scale_is_refused(account: Any, alice: Any, value: str | None) -> None:
    with pytest.raises(InvalidInput):
        rate(account, make_criterion(), Judgement(value and Decimal(value)), by=alice)


def test_a_computed_criterion_is_rated_by_nobody(account: Any, alice: Any) -> None:
    computed = make_criterion(source="computed", fact="tenure_days")
    with pytest.raises(InvalidInput) as refused:
        rate(account, computed, Judgement(Decimal(5)), by=alice)
    assert refused.value.code == "criterion_computed"


def test_two_people_saving_the_same_cell_do_not_overwrite_each_other(account: Any, alice: Any) -> None:
    criterion = make_criterion()
    rate(account, criterion, Judgement(Decimal(7)), by=alice, expected_version=0)
    with pytest.raises(Conflict):
        rate(account, criterion, Judgement(Decimal(8)), by=alice, expected_version=0)


def test_a_rating_taken_back_is_missing_again(account: Any, alice: Any) -> None:
    clear_rating(rate(account, make_criterion(), Judgement(Decimal(7)), by=alice), by=alice)
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("language", "saved", "cleared"),
    [
        ("en", "rated “Product fit”: 7.0", "took the rating of “Product fit” back: 7.0"),
        (
            "de",
            "hat „Produktpassung“ bewertet: 7,0",
            "hat die Bewertung von „Produktpassung“ zurückgenommen: 7,0",
        ),
    ],
)
def test_the_timeline_names_the_criterion(
    account: Any, alice: Any, language: str, saved: str, cleared: str
) -> None:
    criterion = make_criterion(name_en="Product fit", name_de="Produktpassung")
    clear_rating(rate(account, criterion, Judgement(Decimal(7)), by=alice), by=alice)
    with translation.override(language):
        told = [entry_sentence(entry) for entry in Activity.objects.filter(verb__startswith="rating.")]
    assert sorted(told) == sorted([saved, cleared])


def test_the_timeline_writes_a_rating_as_the_page_does(account: Any, alice: Any) -> None:
    criterion = make_criterion(name_en="Fit", name_de="Passung")
    for value in (Decimal("8.5"), None):
        rate(account, criterion, Judgement(value, not_applicable=value is None), by=alice)
    with translation.override("de"):
        told = {entry_sentence(entry) for entry in Activity.objects.filter(verb="rating.saved")}
    assert told == {"hat „Passung“ bewertet: 8,5", "hat „Passung“ bewertet: k. A."}


def test_a_missing_rating_leaves_a_range_and_is_no_zero(account: Any, alice: Any) -> None:
    rated, missing = make_criterion(), make_criterion()
    make_rating(account, rated, alice, 8)
    score = Score.objects.get(run=make_run(make_model((rated, 0.6), (missing, 0.4))))
    assert (score.low, score.high) == (pytest.approx(0.6 * 8 + 0.4), pytest.approx(0.6 * 8 + 4))
    assert (score.total, score.completeness, score.ratings) == (score.low, pytest.approx(0.6), [8.0, None])


def test_what_does_not_apply_hands_its_weight_to_the_others(account: Any, alice: Any) -> None:
    rated, foreign = make_criterion(), make_criterion()
    make_rating(account, rated, alice, 8)
    make_rating(account, foreign, alice, None)
    score = Score.objects.get(run=make_run(make_model((rated, 0.6), (foreign, 0.4))))
    assert (score.total, score.completeness) == (pytest.approx(8), 1)


def test_several_raters_count_with_their_mean(account: Any, alice: Any, bob: Any) -> None:
    criterion = make_criterion()
    make_rating(account, criterion, alice, 6)
    make_rating(account, criterion, bob, 9)
    assert Score.objects.get(run=make_run(make_model((criterion, 1.0)))).total == pytest.approx(7.5)


def test_ratings_after_the_day_do_not_count(account: Any, alice: Any) -> None:
    from datetime import date

    criterion = make_criterion()
    make_rating(account, criterion, alice, 6, rated_on=date(2026, 7, 1))
    assert not Score.objects.filter(run=make_run(make_model((criterion, 1.0)))).exists()


def test_many_cells_are_saved_or_none(api: Any, account: Any, alice: Any) -> None:
    criterion = make_criterion("fit")
    rows = [{"account": str(account.pk), "criterion": "fit", "value": v} for v in (7, 70)]
    answer = api(alice).post("/api/v1/ratings/bulk/", {"ratings": rows}, format="json")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/ratings/1/value"
    assert not Rating.objects.filter(criterion=criterion).exists()


def test_nobody_rates_an_account_she_may_not_see(api: Any, alice: Any) -> None:
    foreign = make_account("Foreign GmbH")
    row = {"account": str(foreign.pk), "criterion": make_criterion().code, "value": 7}
    assert api(alice).post("/api/v1/ratings/", row, format="json").status_code == 422
    assert not Rating.objects.exists()


def test_the_matrix_saves_what_changed(sign_in: Any, account: Any, alice: Any) -> None:
    criterion = make_criterion()
    name = f"{account.pk}:{criterion.pk}"
    sign_in(alice).post("/scoring/ratings/", {name: "7,5", f"seen:{name}": "0 "})
    assert Rating.objects.get(criterion=criterion).value == Decimal("7.5")


def test_a_viewer_gets_no_cells_to_fill_and_no_way_to_import(sign_in: Any, account: Any, rita: Any) -> None:
    make_criterion()
    page = sign_in(rita).get("/scoring/ratings/").content.decode()
    assert "data-rating-matrix" not in page and "/scoring/ratings/import/" not in page
    assert "/scoring/ratings/xlsx/?of=all" in page and "Bewerten kann, wer mit Accounts arbeitet" in page


def test_a_page_of_the_matrix_holds_as_many_accounts_as_asked(sign_in: Any, alice: Any) -> None:
    make_criterion()
    for _ in range(51):
        make_account(owner=alice)
    browser = sign_in(alice)
    shown = {
        asked: len(browser.get("/scoring/ratings/", {"rows": asked}).context["rows"])
        for asked in ("", "100", "7", "²", "-1")
    }
    assert shown == {"": 50, "100": 51, "7": 50, "²": 50, "-1": 50}


def test_a_rating_far_down_a_long_page_is_saved(sign_in: Any, alice: Any) -> None:
    criterion = make_criterion()
    account = [make_account(f"Customer {number:03}", owner=alice) for number in range(120)][-1]
    cell = f"{account.pk}:{criterion.pk}"
    sign_in(alice).post("/scoring/ratings/?rows=200", {cell: "4", f"seen:{cell}": "0 "})
    assert Rating.objects.get().account == account


def test_a_cell_that_stands_as_it_was_shown_is_not_saved_again(
    sign_in: Any, account: Any, alice: Any
) -> None:
    rating = make_rating(account, make_criterion(), alice, 4)
    cell = f"{account.pk}:{rating.criterion_id}"
    Rating.objects.update(value=9, version=2)
    sign_in(alice).post("/scoring/ratings/", {cell: "4", f"seen:{cell}": "1 4"})
    rating.refresh_from_db()
    assert rating.value == 9


def test_a_cell_saved_elsewhere_meanwhile_is_not_replaced(sign_in: Any, account: Any, alice: Any) -> None:
    rating = make_rating(account, make_criterion(), alice, 4)
    cell = f"{account.pk}:{rating.criterion_id}"
    Rating.objects.update(value=9, version=2)
    sign_in(alice).post("/scoring/ratings/", {cell: "5", f"seen:{cell}": "1 4"})
    rating.refresh_from_db()
    assert rating.value == 9


def test_the_longest_page_costs_as_many_queries_as_a_short_one(
    sign_in: Any, alice: Any, django_assert_num_queries: Any
) -> None:
    browser, criteria = sign_in(alice), [make_criterion() for _ in range(5)]
    browser.get("/scoring/ratings/")  # the first visit ever writes the organisation
    for more in (60, 140):
        for _ in range(more):
            make_rating(make_account(owner=alice), criteria[0], alice, 5)
        with django_assert_num_queries(6):
            page = browser.get("/scoring/ratings/", {"rows": "200"})
    assert len(page.context["rows"]) == 200


def test_a_cell_answers_what_is_wrong_with_it(sign_in: Any, account: Any, alice: Any) -> None:
    url = f"/scoring/ratings/{account.pk}/{make_criterion().pk}/save/"
    answer = sign_in(alice).post(url, {"value": "eleven", "version": "²"})  # a digit that is no number
    assert answer.status_code == 422
    assert "1" in answer.json()["error"]


# --- two people, two windows --------------------------------------------------------------------------------------


def test_two_people_rate_the_same_cell_side_by_side(account: Any, alice: Any, bob: Any) -> None:
    criterion = make_criterion()
    for person, value in ((alice, 4), (bob, 8)):
        rate(account, criterion, Judgement(Decimal(value)), by=person, expected_version=0)
    assert sorted(Rating.objects.values_list("value", flat=True)) == [Decimal(4), Decimal(8)]


def test_a_cell_saved_at_the_same_moment_is_a_conflict_and_no_crash(
    account: Any, alice: Any, monkeypatch: Any
) -> None:
    from django.db import models

    criterion = make_criterion()
    make_rating(account, criterion, alice, 4)
    first = models.QuerySet.first
    # The other window has not committed yet when this one looks.
    monkeypatch.setattr(models.QuerySet, "first", lambda rows: None if rows.model is Rating else first(rows))
    with pytest.raises(Conflict) as refused:
        rate(account, criterion, Judgement(Decimal(8)), by=alice, expected_version=0)
    assert refused.value.current.value == Decimal(4)
    assert Rating.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Meanwhile 4 was saved"), ("de", "Inzwischen wurde hier 4")]
)
def test_a_conflict_in_the_matrix_says_what_stands_there_and_what_to_do(
    sign_in: Any, account: Any, alice: Any, language: str, word: str
) -> None:
    criterion = make_criterion()
    make_rating(account, criterion, alice, 4)
    browser, url = sign_in(alice), f"/scoring/ratings/{account.pk}/{criterion.pk}/save/"
    answer = browser.post(url, {"value": "8", "version": "0"}, headers={"Accept-Language": language})
    assert answer.status_code == 412
    assert word in answer.json()["error"]
    assert (answer.json()["value"], answer.json()["version"]) == ("4", 1)
    assert browser.post(url, {"value": "8", "version": "1"}).json() == {
        "value": "8",
        "version": 2,
        "standing": "",
    }


def test_emptying_a_cell_that_was_saved_meanwhile_is_a_conflict_as_well(
    sign_in: Any, account: Any, alice: Any
) -> None:
    criterion = make_criterion()
    rating = make_rating(account, criterion, alice, 4, version=3)
    browser, url = sign_in(alice), f"/scoring/ratings/{account.pk}/{criterion.pk}/save/"
    assert browser.post(url, {"value": "", "version": "2"}).status_code == 412
    rating.delete()
    gone = browser.post(url, {"value": "8", "version": "3"})
    assert (gone.status_code, gone.json()["version"]) == (422, 0)


def test_the_page_of_a_cell_keeps_what_was_typed_and_replaces_on_the_second_save(
    sign_in: Any, account: Any, alice: Any
) -> None:
    criterion = make_criterion()
    make_rating(account, criterion, alice, 4)
    browser, url = sign_in(alice), f"/scoring/ratings/{account.pk}/{criterion.pk}/"
    page = browser.post(url, {"value": "8", "note": "mine", "seen_version": "0"})
    form = page.context["form"]
    assert len(form.non_field_errors()) == 1
    assert (form["note"].value(), form["seen_version"].value()) == ("mine", "1")
    assert browser.post(url, {"value": "8", "note": "mine", "seen_version": "1"}).status_code == 302
    assert Rating.objects.get().value == Decimal(8)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_conflict_in_the_api_shows_what_stands_there(
    api: Any, account: Any, alice: Any, language: str
) -> None:
    criterion = make_criterion()
    make_rating(account, criterion, alice, 4, version=2)
    row = {"account": str(account.pk), "criterion": criterion.code, "value": 8}
    headers = {"If-Match": '"1"', "Accept-Language": language}
    answer = api(alice).post("/api/v1/ratings/", row, format="json", headers=headers)
    assert (answer.status_code, answer.json()["current"]["value"]) == (412, 4.0)
    assert ("Somebody" in answer.json()["detail"]) == (language == "en")


def test_a_note_of_a_round_stays_in_the_round(
    sign_in: Any, account: Any, alice: Any, bob: Any, dana: Any
) -> None:
    from scoring.actions.rounds import create_round

    criterion = make_criterion()
    round = create_round("Autumn", criteria=[criterion], raters=[alice, bob], by=dana)
    url = f"/scoring/ratings/{account.pk}/{criterion.pk}/?round={round.pk}"
    answer = sign_in(alice).post(url, {"value": "8", "note": "mine", "seen_version": "0"})
    assert answer["Location"].endswith(f"?round={round.pk}")
    assert (Rating.objects.get().round, Rating.objects.get().submitted_at) == (round, None)


def test_a_rating_of_tomorrow_is_refused(api: Any, account: Any, alice: Any) -> None:
    row = {
        "account": str(account.pk),
        "criterion": make_criterion().code,
        "value": 8,
        "rated_on": "2199-01-01",
    }
    answer = api(alice).post("/api/v1/ratings/", row, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/rated_on")
