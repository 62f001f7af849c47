"""Guided rating: answers propose a value, and nothing is saved before somebody saves it."""

from decimal import Decimal
from typing import Any

import pytest

from scoring.actions.rounds import create_round
from scoring.guided import guide_of
from scoring.models import Criterion, Rating
from tests.factories import make_criterion, make_rating

QUESTIONS = [{"de": f"Frage {n}?", "en": f"Question {n}?"} for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("answers", "proposal"),
    [
        ({}, None),
        ({"q1": "perhaps"}, None),
        ({"q1": "yes", "q2": "yes", "q3": "yes"}, "10"),
        ({"q1": "no", "q2": "no", "q3": "no"}, "1"),
        ({"q1": "yes", "q2": "partly", "q3": "no"}, "5.5"),
        ({"q1": "yes", "q2": "yes", "q3": "no"}, "7"),
        ({"q2": "partly"}, "5.5"),
        ({"q1": "partly", "q2": "no", "q3": "no"}, "2.5"),
    ],
)
def test_answers_propose_a_value_in_halves(answers: dict[str, str], proposal: str | None) -> None:
    guide = guide_of(Criterion(questions=QUESTIONS), answers)
    assert guide.proposal == (proposal and Decimal(proposal))


@pytest.mark.django_db
def test_the_page_proposes_and_saves_nothing(sign_in: Any, account: Any, alice: Any) -> None:
    criterion = make_criterion(questions=QUESTIONS)
    make_rating(account, criterion, alice, 3)
    url = f"/scoring/ratings/{account.pk}/{criterion.pk}/"
    page = sign_in(alice).get(url, {"q1": "yes", "q2": "yes", "q3": "no"}, headers={"Accept-Language": "en"})
    assert page.context["form"]["value"].value() == 7
    assert "7.0 is proposed from 3 answers" in page.content.decode()
    assert Rating.objects.get().value == 3


@pytest.mark.django_db
def test_a_proposal_stays_in_its_round(sign_in: Any, account: Any, alice: Any, bob: Any, dana: Any) -> None:
    criterion = make_criterion(questions=QUESTIONS)
    round = create_round("Autumn", criteria=[criterion], raters=[alice, bob], by=dana)
    url = f"/scoring/ratings/{account.pk}/{criterion.pk}/"
    page = sign_in(alice).get(url, {"q1": "yes", "round": str(round.pk)})
    assert f'name="round" value="{round.pk}"' in page.content.decode()


@pytest.mark.django_db
def test_a_criterion_without_questions_asks_none(sign_in: Any, account: Any, alice: Any) -> None:
    criterion = make_criterion()
    page = sign_in(alice).get(f"/scoring/ratings/{account.pk}/{criterion.pk}/?q1=yes")
    assert page.context["form"]["value"].value() is None
    assert b'class="guide' not in page.content


OWN = {
    "code": "own",
    "name_de": "Eigenes",
    "name_en": "Own",
    "source": "rated",
    "basis": "net",
    "window": "all",
}


@pytest.mark.django_db
def test_questions_of_an_own_criterion_are_written_on_its_form(sign_in: Any, dana: Any) -> None:
    browser, url = sign_in(dana), "/scoring/criteria/new/"
    asked = {"questions_de": "Ist es neu?\n\n Ist es groß? ", "questions_en": "Is it new?\nIs it large?"}
    browser.post(url, OWN | asked)
    made = Criterion.objects.get(code="own")
    assert made.questions == [
        {"de": "Ist es neu?", "en": "Is it new?"},
        {"de": "Ist es groß?", "en": "Is it large?"},
    ]
    page = browser.get(f"/scoring/criteria/{made.pk}/").content.decode()
    assert "Ist es neu?\nIst es groß?" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("german", "english", "text"),
    [
        ("A?", "", "Write each question in both languages, in the same order."),
        ("A?\n" * 13, "A?\n" * 13, "At most 12 questions of 300 characters."),
        ("A" * 301, "A?", "At most 12 questions of 300 characters."),
    ],
)
def test_questions_that_cannot_be_asked_are_refused_in_words(
    sign_in: Any, dana: Any, german: str, english: str, text: str
) -> None:
    asked = {"questions_de": german, "questions_en": english}
    answer = sign_in(dana).post("/scoring/criteria/new/", OWN | asked, headers={"accept-language": "en"})
    assert text in answer.content.decode()
    assert not Criterion.objects.filter(code="own").exists()
