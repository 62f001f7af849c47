"""How sure is it? The page, the words beside a score and the API say what the arithmetic says."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from scoring.certainty import Certainty, run_certainty
from scoring.models import ScoreRun
from scoring.robustness import robustness
from scoring.sure_page import account_words
from scoring.sure_words import swap_words
from tests.factories import make_account, make_criterion, make_model, make_rating, make_run, make_sales

pytestmark = pytest.mark.django_db
PAGE = "/scoring/sure/"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def run(alice: Any) -> Any:
    """Return a run of four accounts by two criteria, one place: 9/4 = 7.0, 6/7 = 6.4, 6/6 = 6.0, 2/3 = 2.4."""
    fit, culture = make_criterion("fit"), make_criterion("culture")
    for name, ratings in {"Alpha": (9, 4), "Beta": (6, 7), "Gamma": (6, 6), "Delta": (2, 3)}.items():
        account = make_account(name, owner=alice)
        for criterion, value in zip((fit, culture), ratings, strict=True):
            make_rating(account, criterion, alice, value)
    return make_run(make_model((fit, 0.6), (culture, 0.4), cut_value=1))


@pytest.fixture
def triangle(dana: Any) -> Any:
    """Return the closed-form case A(10, 0) B(0, 10) C(6, 6), moved to the scale of 1 to 10: 10/1, 1/10, 6.4/6.4.

    Both criteria are computed, so ratings are certain; they weigh the same, so their order is open.
    """
    orders = make_criterion(source="computed", fact="orders", rule={"type": "linear", "bounds": [1, 51]})
    revenue = make_criterion(source="computed", fact="revenue", rule={"type": "linear", "bounds": [51, 1051]})
    for name, amounts in {"A": [1] * 51, "B": [1051], "C": [21] * 31}.items():
        sales = [(amount, date(2026, 1, 1) + timedelta(days=day)) for day, amount in enumerate(amounts)]
        make_sales(make_account(name), sales)
    return make_run(make_model((orders, 0.5), (revenue, 0.5), cut_value=1))


def number_of(run: ScoreRun, name: str) -> Any:
    return run.scores.select_related("account").get(account__name=name)


def test_the_closed_form_case_comes_out_over_the_api(api: Any, triangle: Any, dana: Any) -> None:
    """A wins for w > .6, B for w < .4, C between: .40, .40, .20; mean weights of A (.8, .2)."""
    body = api(dana).get(f"/api/v1/score-runs/{triangle.pk}/stability/?top=1").json()
    found = {row["name"]: row for row in body["results"]}
    assert [found[name]["p_top"] for name in "ABC"] == pytest.approx([0.4, 0.4, 0.2], abs=0.015)
    assert found["A"]["central_weights"] == pytest.approx([0.8, 0.2], abs=0.01)
    assert found["C"]["central_weights"] == pytest.approx([0.5, 0.5], abs=0.01)
    assert (body["draws"], body["ranked_draws"]) == (9_604, 9_604)


def test_the_api_says_how_far_each_weight_may_move(api: Any, run: Any, dana: Any) -> None:
    """9v + 4(1-v) = 6v + 7(1-v) at v = .5; above it Alpha leads."""
    body = api(dana).get(f"/api/v1/score-runs/{run.pk}/stability/").json()
    fit, culture = body["weights"]
    alpha, beta = (str(number_of(run, name).account_id) for name in ("Alpha", "Beta"))
    assert (fit["criterion"], fit["low"], fit["high"]) == ("fit", pytest.approx(0.5), 1.0)
    assert (fit["low_swap"], fit["high_swap"]) == ({"falls": alpha, "rises": beta}, None)
    assert (culture["low"], culture["high"]) == (0.0, pytest.approx(0.5))
    change = body["smallest_change"]
    assert (change["criterion"], change["falls"], change["rises"]) == ("fit", alpha, beta)
    assert (change["relative"], change["weight"]) == (pytest.approx(-1 / 3), pytest.approx(0.5))


def test_the_api_says_who_beats_whom_and_what_takes_an_account_across(api: Any, run: Any, dana: Any) -> None:
    body = api(dana).get(f"/api/v1/score-runs/{run.pk}/stability/").json()
    found = {row["name"]: row for row in body["results"]}
    beta = found["Beta"]["account"]
    assert [found["Gamma"][key] for key in ("before", "behind", "behind_any")] == [1, 2, 1]
    assert beta in found["Gamma"]["behind_accounts"]
    assert found["Beta"]["flip"] == {"criterion": "fit", "current": 6.0, "needed": 7, "enters": True}
    assert {"rank_low", "rank_high", "p_top", "margin"} <= found["Delta"].keys()


def test_nobody_learns_the_names_of_accounts_of_others(api: Any, run: Any, charlie: Any) -> None:
    own = number_of(run, "Gamma").account
    type(own).objects.filter(pk=own.pk).update(owner=charlie)
    body = api(charlie).get(f"/api/v1/score-runs/{run.pk}/stability/").json()
    assert [row["name"] for row in body["results"]] == ["Gamma"]
    assert body["results"][0]["behind_accounts"] == []
    assert body["weights"][0]["low_swap"] == {"falls": None, "rises": None}


def test_the_page_hides_the_names_of_accounts_of_others(sign_in: Any, run: Any, charlie: Any) -> None:
    own = number_of(run, "Gamma").account
    type(own).objects.filter(pk=own.pk).update(owner=charlie)
    page = sign_in(charlie).get(PAGE, headers=ENGLISH).content.decode()
    assert "Gamma" in page and "Alpha" not in page and "Beta" not in page
    assert "an account you do not see" in page


def test_hidden_names_fit_into_the_sentences_of_both_languages(run: Any) -> None:
    """German has cases: a name that hides another must read well as who overtakes and as who is overtaken."""
    found = robustness(run)
    swap = (number_of(run, "Beta").rank - 1, number_of(run, "Alpha").rank - 1)
    alpha = {found.key(swap[1]): "Alpha"}
    with translation.override("de"):
        assert swap_words(swap, found, {}) == "zwei Accounts, die Sie nicht sehen, tauschen die Plätze"
        assert swap_words(swap, found, alpha) == "Alpha überholt Account (für Sie verborgen)"


def test_the_page_says_who_is_firm_and_what_would_change_it(sign_in: Any, run: Any, dana: Any) -> None:
    page = sign_in(dana).get(PAGE, headers=ENGLISH)
    text = page.content.decode()
    assert "below 50.0% Beta overtakes Alpha" in text
    assert "The smallest change is fit from 60.0% to 50.0%: Beta overtakes Alpha." in text
    assert "behind Alpha, Beta" in text
    assert sum(page.context["counts"].values()) == 4


def test_the_words_beside_a_score_say_the_same(run: Any, dana: Any, english: Any) -> None:
    words = account_words(number_of(run, "Beta"), run, dana)
    assert "Would be key if fit were rated 7 instead of 6." in words
    assert "Ties with Alpha when fit weighs 50.0% instead of 60.0%." in words
    behind = "Stands behind 2 accounts whatever the weights, as long as the order of importance holds: Alpha, Beta."
    assert behind in account_words(number_of(run, "Gamma"), run, dana)


def test_another_line_may_be_asked_for(sign_in: Any, run: Any, dana: Any) -> None:
    context = sign_in(dana).get(PAGE, {"top": "3"}).context
    assert (context["top"], context["counts"]["firm_in"]) == (3, 3)


@pytest.mark.parametrize("top", ["0", "-1", "many", "99999999"])
def test_a_line_that_is_none_is_refused_in_words(sign_in: Any, run: Any, dana: Any, top: str) -> None:
    answer = sign_in(dana).get(PAGE, {"top": top}, headers=ENGLISH)
    assert answer.status_code == 200
    assert "top is a whole number from 1." in answer.content.decode()
    assert answer.context["top"] == 1


def test_a_threshold_is_crossed_alone(run: Any, dana: Any, english: Any) -> None:
    run.model.cut_kind, run.model.cut_value = "threshold", 6.9
    words = account_words(number_of(run, "Alpha"), run, dana)
    assert "Meets the line when fit weighs 58.0% instead of 60.0%." in words
    change = robustness(run).smallest
    assert change and robustness(run).key(change.second) is None


def test_a_run_of_an_earlier_release_is_computed_once_more(run: Any) -> None:
    run.certainty = [row[:4] for row in run.certainty]
    assert run_certainty(run)[0].central is not None


@pytest.mark.parametrize(
    ("p_top", "share", "word"),
    [
        (0.57, "57%", "grey"),
        (0.948, "94.8%", "grey"),
        (0.9499, "94.9%", "grey"),
        (0.95, "95%", "firm_in"),
        (0.0501, "5.1%", "grey"),
        (0.049, "5%", "firm_out"),
    ],
)
def test_what_is_doubtful_never_reads_as_firm(p_top: float, share: str, word: str, english: Any) -> None:
    sure = Certainty(1, 2, p_top, 0.0)
    assert (sure.share, sure.word) == (share, word)


def test_the_queries_of_the_page_do_not_grow(
    sign_in: Any, dana: Any, alice: Any, django_assert_max_num_queries: Any
) -> None:
    browser, counts = sign_in(dana), []
    browser.get(PAGE)
    for size in (4, 40):
        criterion = make_criterion()
        for number in range(size):
            make_rating(make_account(owner=alice), criterion, alice, 1 + number % 10)
        make_run(make_model((criterion, 1.0), cut_value=2))
        with django_assert_max_num_queries(20) as queries:
            assert browser.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_two_accounts_beside_each_other_name_the_weight_at_which_they_tie(
    sign_in: Any, api: Any, run: Any, dana: Any
) -> None:
    alpha, beta, delta = (number_of(run, name).account_id for name in ("Alpha", "Beta", "Delta"))
    url = f"/scoring/runs/{run.pk}/change/{alpha}/"
    page = sign_in(dana).get(url, {"with": str(beta)}, headers=ENGLISH).content.decode()
    assert "The two tie when fit weighs 50.0% instead of 60.0%." in page
    compared = f"/api/v1/score-runs/{run.pk}/accounts/{alpha}/comparison/"
    tie = api(dana).get(compared, {"with": str(beta)}).json()["tie"]
    assert (tie["criterion"], tie["weight"]) == ("fit", pytest.approx(0.5))
    assert api(dana).get(compared, {"with": str(delta)}).json()["tie"] is None


def test_the_page_says_how_many_doubtful_accounts_it_leaves_out(
    sign_in: Any, run: Any, dana: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("scoring.sure_page.MOST_ROWS", 2)
    page = sign_in(dana).get(PAGE, headers=ENGLISH)
    assert len(page.context["rows"]) == 2
    assert f"{page.context['rest']} further account" in page.content.decode()
