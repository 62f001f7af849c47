"""Leaders name key accounts blind; the ranking that comes afterwards shows the overlap."""

from typing import Any

import pytest

from kam.lib.errors import DomainError
from scoring.actions.blind import compared, hand_in_blind, name_blind, state_blind, unname_blind
from scoring.models import BlindList
from tests.factories import make_account, make_criterion, make_model, make_rating, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(alice: Any, dana: Any) -> Any:
    """Return a function that ranks three accounts, of which two are above the line."""
    criterion, accounts = make_criterion(), [make_account(f"With {p}", owner=alice) for p in (9, 8, 3)]
    for account, points in zip(accounts, (9, 8, 3), strict=True):
        make_rating(account, criterion, alice, points)
    return accounts, lambda: make_run(make_model((criterion, 1.0), cut_value=2))


def test_the_overlap_is_shown_with_a_ranking_that_came_later(ranked: Any, dana: Any) -> None:
    accounts, rank = ranked
    state_blind(dana, [accounts[0], accounts[2]])
    (found,) = compared(rank(), dana)
    assert (found.overlap.both, found.overlap.only_first, found.overlap.only_second) == (1, 1, 1)
    assert [str(account) for account in found.only_ranked] == ["With 8"]


def test_who_names_after_the_ranking_was_not_blind(ranked: Any, dana: Any) -> None:
    accounts, rank = ranked
    run = rank()
    state_blind(dana, accounts)
    assert compared(run, dana) == []


def test_a_list_is_written_step_by_step_and_never_changes_once_handed_in(ranked: Any, dana: Any) -> None:
    accounts, _ = ranked
    name_blind(dana, accounts[0])
    name_blind(dana, accounts[1])
    unname_blind(dana, accounts[1])
    blind = hand_in_blind(dana)
    assert [str(account) for account in blind.accounts.all()] == ["With 9"]
    name_blind(dana, accounts[2])
    assert BlindList.objects.count() == 2


def test_an_empty_list_is_not_handed_in(dana: Any) -> None:
    with pytest.raises(DomainError):
        hand_in_blind(dana)


def test_an_open_list_is_nobody_elses_business(api: Any, ranked: Any, dana: Any, alice: Any) -> None:
    accounts, rank = ranked
    name_blind(dana, accounts[0])
    assert api(alice).get("/api/v1/blind-lists/").json()["results"] == []
    state_blind(dana, accounts[:1])
    run = rank()
    assert len(api(alice).get("/api/v1/blind-lists/").json()["results"]) == 1
    overlap = api(alice).get(f"/api/v1/score-runs/{run.pk}/blind-lists/").json()
    assert (overlap[0]["both"], overlap[0]["only_ranked"]) == (1, 1)


def test_the_page_adds_removes_and_hands_in(sign_in: Any, ranked: Any, dana: Any) -> None:
    accounts, rank = ranked
    browser = sign_in(dana)
    found = browser.get("/scoring/blind/?q=With").content.decode()
    assert "With 9" in found and "Nennen</button>" in found
    for account in accounts[:2]:
        browser.post("/scoring/blind/name/", {"account": str(account.pk)})
    browser.post("/scoring/blind/name/", {"account": str(accounts[1].pk), "remove": "1"})
    assert browser.post("/scoring/blind/hand-in/").status_code == 302
    rank()
    page = browser.get("/scoring/blind/").content.decode()
    assert "With 8" in page


def test_only_leaders_name(sign_in: Any, ranked: Any, alice: Any) -> None:
    body = {"account": str(ranked[0][0].pk)}
    assert sign_in(alice).post("/scoring/blind/name/", body).status_code == 403
