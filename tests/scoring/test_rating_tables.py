"""Ratings as tables: tried first, every bad row named, taken over as a whole, taken back exactly; blind stays blind."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from kam.lib.errors import DomainError, InvalidInput
from scoring.actions.rating_imports import (
    changes_of,
    check_rows,
    commit_import,
    discard_import,
    problem_text,
    undo_import,
)
from scoring.actions.ratings import Judgement, rate
from scoring.actions.rounds import create_round, submit_round
from scoring.models import Rating, RatingImport
from tests.factories import make_account, make_criterion, make_rating

pytestmark = pytest.mark.django_db
URL = "/scoring/ratings/import/"
API = "/api/v1/rating-imports/"


@pytest.fixture
def fit() -> Any:
    return make_criterion("fit", name_de="Passung", name_en="Fit")


def row(account: Any, rating: str, criterion: str = "fit", **values: str) -> dict[str, str]:
    return {"account": account.name, "criterion": criterion, "rating": rating, **values}


def tried(rows: list[dict[str, str]], by: Any, **values: Any) -> RatingImport:
    return check_rows(list(enumerate(rows, start=2)), name="ratings.csv", by=by, **values)


def outcomes(batch: RatingImport) -> list[str]:
    return [change.outcome for change in changes_of(batch)]


def picture() -> list[Any]:
    names = ("account", "criterion", "rater", "value", "not_applicable", "note", "evidence_url", "rated_on")
    return list(Rating.objects.order_by("pk").values_list("pk", *names, "submitted_at", "carried_from"))


def upload(text: str, name: str = "ratings.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_a_table_is_tried_without_writing_and_then_taken_over(account: Any, alice: Any, fit: Any) -> None:
    other, third = make_account(owner=alice), make_account(owner=alice)
    make_rating(other, fit, alice, 4)
    make_rating(third, fit, alice, 5, note="so")
    before = picture()
    rows = [row(account, "7,5", note="Workshop", evidence="https://x.example/1", rated_on="23.11.2025")]
    rows += [row(other, "n/a"), row(third, "5", note="so")]
    batch = tried(rows, alice)
    assert (outcomes(batch), batch.problems, picture()) == (["new", "changed", "unchanged"], [], before)
    commit_import(batch, by=alice)
    written = Rating.objects.get(account=account)
    assert (written.value, written.note, written.rater) == (Decimal("7.5"), "Workshop", alice)
    assert (written.evidence_url, written.rated_on) == ("https://x.example/1", date(2025, 11, 23))
    assert written.submitted_at is not None
    assert Rating.objects.get(account=other).not_applicable
    assert Rating.objects.get(account=third).version == 1


def test_undo_puts_back_exactly_what_stood_there(account: Any, alice: Any, fit: Any) -> None:
    other = make_account(owner=alice)
    make_rating(other, fit, alice, 4, note="old", evidence_url="https://x.example/old")
    before = picture()
    batch = commit_import(tried([row(account, "7"), row(other, "9", note="new")], alice), by=alice)
    assert picture() != before
    batch = undo_import(batch, by=alice)
    assert (picture(), batch.kept, batch.state) == (before, [], "undone")


def test_what_was_changed_after_the_table_stays_and_is_named(account: Any, alice: Any, fit: Any) -> None:
    other = make_account("Other", owner=alice)
    batch = commit_import(tried([row(account, "7"), row(other, "9")], alice), by=alice)
    rate(other, fit, Judgement(Decimal(3)), by=alice)
    batch = undo_import(batch, by=alice)
    assert [kept["account"] for kept in batch.kept] == ["Other"]
    assert list(Rating.objects.values_list("value", flat=True)) == [Decimal(3)]


def test_every_bad_row_is_named_with_its_field_in_both_languages(account: Any, alice: Any, fit: Any) -> None:
    make_criterion("always", may_be_not_applicable=False)
    make_criterion("sold", source="computed", fact="revenue", rule={"type": "percentile"})
    foreign, tomorrow = make_account("Foreign"), (timezone.localdate() + timedelta(days=1)).isoformat()
    rows = [
        row(account, "7"),
        row(account, "8"),
        row(foreign, "7"),
        row(account, "7", "charm"),
        row(account, "7", "sold"),
        row(account, "eleven"),
        row(account, "10.5"),
        row(account, "7.55"),
        row(account, "n/a", "always"),
        row(account, "7", "always", evidence="javascript:alert(1)"),
        row(account, "7", "always", rated_on="31.02.2026"),
        row(account, "7", "always", rated_on=tomorrow),
        row(account, "", "always", note="why"),
        row(account, "7", "always", rater="bob@example.com"),
        row(account, "7", "always", note="x" * 4001),
    ]
    batch = tried(rows, alice)
    found = [(each["row"], each["field"], each["code"]) for each in batch.problems]
    assert found == [
        (3, "criterion", "cell_twice"),
        (4, "account", "unknown_account"),
        (5, "criterion", "unknown_criterion"),
        (6, "criterion", "unknown_criterion"),
        (7, "rating", "rating_invalid"),
        (8, "rating", "rating_invalid"),
        (9, "rating", "rating_invalid"),
        (10, "rating", "always_applicable"),
        (11, "evidence", "bad_address"),
        (12, "rated_on", "not_a_date"),
        (13, "rated_on", "rated_in_the_future"),
        (14, "rating", "rating_missing"),
        (15, "rater", "not_your_rating"),
        (16, "note", "note_too_long"),
    ]
    texts = {}
    for language in ("de", "en"):
        with translation.override(language):
            texts[language] = [problem_text(each) for each in batch.problems]
    assert all(german != english for german, english in zip(texts["de"], texts["en"], strict=True))
    with pytest.raises(DomainError) as refused:
        commit_import(batch, by=alice)
    assert (refused.value.code, Rating.objects.count()) == ("import_has_problems", 0)


def test_an_empty_rating_leaves_its_cell_as_it_is(account: Any, alice: Any, fit: Any) -> None:
    other = make_account(owner=alice)
    make_rating(account, fit, alice, 4)
    batch = commit_import(tried([row(account, ""), row(other, "9")], alice), by=alice)
    assert (len(batch.rows), Rating.objects.get(account=account).value) == (1, Decimal(4))
    with pytest.raises(InvalidInput) as refused:
        tried([row(account, "")], alice)
    assert refused.value.code == "no_ratings"


def test_a_table_is_taken_over_once_and_undone_once(account: Any, alice: Any, fit: Any) -> None:
    batch = commit_import(tried([row(account, "7")], alice), by=alice)
    for verb, code in ((commit_import, "already_taken_over"), (discard_import, "taken_over")):
        with pytest.raises(DomainError) as refused:
            verb(batch, by=alice)
        assert refused.value.code == code
    undo_import(batch, by=alice)
    with pytest.raises(DomainError) as refused:
        undo_import(batch, by=alice)
    assert refused.value.code == "not_taken_over"


def test_accounts_are_named_by_id_external_id_or_legal_name(alice: Any, fit: Any) -> None:
    named, known, plain = make_account("A", owner=alice), make_account("B", owner=alice), None
    plain = make_account("C", owner=alice, external_id="4711")
    rows = [row(named, "1")]
    rows += [{"account": str(known.pk), "criterion": "Passung", "rating": "2"}]
    rows += [{"account": "4711", "criterion": "FIT", "rating": "3"}]
    assert [change.account for change in changes_of(tried(rows, alice))] == [named, known, plain]


def test_an_account_is_found_by_the_brand_that_lists_show(alice: Any, fit: Any) -> None:
    shown = make_account("Acme Holding GmbH", brand_name="Acme", owner=alice)
    legal = make_account("Bolt", owner=alice)
    make_account("Other AG", brand_name="Bolt", owner=alice)  # a brand stands behind a legal name
    for number in (1, 2):
        make_account(f"Twin {number}", brand_name="Twin", owner=alice)
    rows = [{"account": name, "criterion": "fit", "rating": "5"} for name in ("Acme", "Bolt", "Twin", "acme")]
    batch = tried(rows, alice)
    assert [problem["row"] for problem in batch.problems] == [4, 5]
    assert [change.account for change in changes_of(tried(rows[:2], alice))] == [shown, legal]


def test_queries_do_not_grow_with_the_rows(alice: Any, fit: Any, django_assert_num_queries: Any) -> None:
    for number in (3, 12):
        accounts = [make_account(owner=alice) for _ in range(number)]
        with django_assert_num_queries(19):
            commit_import(tried([row(account, "7") for account in accounts], alice), by=alice)


# --- rounds ---------------------------------------------------------------------------------------------------


@pytest.fixture
def round(fit: Any, dana: Any, alice: Any, bob: Any) -> Any:
    return create_round("Autumn", criteria=[fit], raters=[alice, bob], by=dana)


def test_in_a_round_the_table_makes_drafts_that_undo_takes_back(
    round: Any, account: Any, alice: Any, fit: Any
) -> None:
    batch = commit_import(tried([row(account, "7")], alice, round=round), by=alice)
    draft = Rating.objects.get()
    assert (draft.round, draft.submitted_at) == (round, None)
    undo_import(batch, by=alice)
    assert not Rating.objects.exists()


def test_what_was_handed_in_is_not_undone(round: Any, account: Any, alice: Any, fit: Any) -> None:
    batch = commit_import(tried([row(account, "7")], alice, round=round), by=alice)
    submit_round(round, by=alice)
    assert len(undo_import(batch, by=alice).kept) == 1
    assert Rating.objects.count() == 1


def test_a_round_takes_no_table_of_a_stranger_nor_after_handing_in(
    round: Any, account: Any, alice: Any, charlie: Any, fit: Any
) -> None:
    with pytest.raises(InvalidInput) as refused:
        tried([row(account, "7")], charlie, round=round)
    assert refused.value.code == "not_in_round"
    rate(account, fit, Judgement(Decimal(7)), by=alice, round=round)
    waiting = tried([row(account, "8")], alice, round=round)
    submit_round(round, by=alice)
    for attempt in (
        lambda: tried([row(account, "8")], alice, round=round),
        lambda: commit_import(waiting, by=alice),
    ):
        with pytest.raises(DomainError) as late:
            attempt()
        assert late.value.code == "round_submitted"


def test_nobody_sees_anothers_table(
    sign_in: Any, api: Any, account: Any, alice: Any, bob: Any, dana: Any, fit: Any
) -> None:
    batch = tried([row(account, "7")], alice)
    for person in (bob, dana):
        assert sign_in(person).get(f"{URL}{batch.pk}/").status_code == 404
        assert api(person).get(f"{API}{batch.pk}/").status_code == 404
    assert sign_in(alice).get(f"{URL}{batch.pk}/").status_code == 200


def test_the_timeline_names_no_value_of_a_blind_rating(
    round: Any, account: Any, alice: Any, fit: Any
) -> None:
    from accounts.models import Activity

    rate(account, fit, Judgement(Decimal(3)), by=alice, round=round)
    rate(account, fit, Judgement(Decimal(4)), by=alice, round=round)
    commit_import(tried([row(account, "7")], alice, round=round), by=alice)
    told = Activity.objects.filter(verb__startswith="rating.")
    assert {(entry.verb, entry.subject_label) for entry in told} == {("rating.saved_in_round", "Autumn")}
    names = {"de": fit.name_de, "en": fit.name_en}
    assert all(entry.details == {"criterion": "fit", "of": names} for entry in told)


# --- export -----------------------------------------------------------------------------------------------------


def exported(browser: Any, query: str = "") -> list[list[str]]:
    import csv
    import io

    answer = browser.get(f"/scoring/ratings/csv/{query}", headers={"Accept-Language": "en"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_my_cells_are_exported_with_the_empty_ones_and_can_be_handed_in_again(
    sign_in: Any, account: Any, alice: Any, fit: Any
) -> None:
    other = make_account("Zeta", owner=alice, external_id="4711")
    make_rating(account, fit, alice, "7.5", note="=risky", evidence_url="https://x.example/1")
    browser = sign_in(alice)
    cells = exported(browser, "?criterion=fit")
    assert [(line[0], line[2], line[4]) for line in cells] == [
        (account.name, "fit", "7.5"),
        ("4711", "fit", ""),
    ]
    names = (
        "account",
        "account_name",
        "criterion",
        "criterion_name",
        "rating",
        "note",
        "evidence",
        "rated_on",
    )
    cells[1][4] = "6"
    text = "\n".join([",".join(names), *(",".join(line) for line in cells)])
    browser.post(URL, {"file": upload(text)})
    batch = RatingImport.objects.get()
    assert (outcomes(batch), batch.problems) == (["unchanged", "new"], [])
    commit_import(batch, by=alice)
    assert Rating.objects.get(account=other).value == 6


def test_nobody_exports_what_is_still_blind(
    sign_in: Any, round: Any, account: Any, alice: Any, bob: Any, dana: Any, fit: Any
) -> None:
    rate(account, fit, Judgement(Decimal(3)), by=alice, round=round)
    for person in (bob, dana):
        assert exported(sign_in(person), "?of=all") == []
    submit_round(round, by=alice)
    assert exported(sign_in(bob), "?of=all") == []
    assert [line[4] for line in exported(sign_in(dana), "?of=all")] == ["3"]
    rate(account, fit, Judgement(Decimal(8)), by=bob, round=round)
    submit_round(round, by=bob)
    assert [line[4] for line in exported(sign_in(bob), "?of=all")] == ["3", "8"]


def test_an_export_holds_no_account_its_reader_may_not_see(
    sign_in: Any, account: Any, alice: Any, charlie: Any, fit: Any
) -> None:
    make_rating(account, fit, alice, 7)
    assert exported(sign_in(charlie), "?of=all") == exported(sign_in(charlie)) == []


def test_an_export_is_a_workbook_as_well(sign_in: Any, account: Any, alice: Any, fit: Any) -> None:
    make_rating(account, fit, alice, None)
    answer = sign_in(alice).get("/scoring/ratings/xlsx/?of=all")
    assert b"".join(answer.streaming_content)[:2] == b"PK"


# --- pages ----------------------------------------------------------------------------------------------------


def test_the_pages_lead_from_the_file_to_the_ratings_and_back(
    sign_in: Any, account: Any, alice: Any, fit: Any
) -> None:
    browser = sign_in(alice)
    made = browser.post(URL, {"file": upload(f"Account;Kriterium;Bewertung\n{account.name};Passung;7,5\n")})
    page = browser.get(made["Location"])
    assert (page.context["counts"]["new"], Rating.objects.count()) == (1, 0)
    browser.post(f"{made['Location']}commit/")
    assert Rating.objects.get().value == Decimal("7.5")
    browser.post(f"{made['Location']}undo/")
    assert not Rating.objects.exists()
    assert b"4711" not in browser.get(URL).content


def test_the_page_names_the_bad_rows_and_offers_no_take_over(
    sign_in: Any, account: Any, alice: Any, fit: Any
) -> None:
    browser = sign_in(alice)
    made = browser.post(URL, {"file": upload(f"account,criterion,rating\n{account.name},fit,12\n")})
    page = browser.get(made["Location"])
    assert [(problem["row"], problem["field"]) for problem, _text in page.context["problems"]] == [
        (2, "rating")
    ]
    assert b"/commit/" not in page.content
    browser.post(f"{made['Location']}commit/")
    assert not Rating.objects.exists()
    browser.post(f"{made['Location']}discard/")
    assert not RatingImport.objects.exists()


@pytest.mark.parametrize("text", ["account,criterion\nA,fit\n", "", "account,criterion,rating\n"])
def test_a_file_that_is_no_table_of_ratings_is_explained(
    sign_in: Any, account: Any, alice: Any, fit: Any, text: str
) -> None:
    answer = sign_in(alice).post(URL, {"file": upload(text)})
    assert list(answer.context["form"].errors) == ["file"]


def test_bulk_ratings_of_a_round_stay_drafts_of_it(
    api: Any, round: Any, account: Any, alice: Any, fit: Any
) -> None:
    cell = {"account": str(account.pk), "criterion": "fit", "value": 7}
    answer = api(alice).post(
        "/api/v1/ratings/bulk/", {"ratings": [cell], "round": str(round.pk)}, format="json"
    )
    assert answer.status_code == 200
    assert (Rating.objects.get().round, Rating.objects.get().submitted_at) == (round, None)
