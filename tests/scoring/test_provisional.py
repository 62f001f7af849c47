"""One edited rating shows where the account would stand, just as the next run will say."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from scoring.models import Rating
from scoring.provisional import provisional
from tests.factories import (
    make_account,
    make_criterion,
    make_model,
    make_rating,
    make_run,
    make_sales,
    make_user,
)

ENGLISH = {"accept-language": "en"}
CELLS = st.lists(st.sampled_from([None, 1, 4, 5, 5, 10]), min_size=2, max_size=2)


class ProvisionalTest(TestCase):
    """A TestCase, because Hypothesis rolls back between its examples only there."""

    @settings(max_examples=20, deadline=None)
    @given(st.lists(CELLS, min_size=2, max_size=9), CELLS)
    def test_it_is_what_the_next_run_says(self, table: list[list[Any]], edited: list[Any]) -> None:
        criteria, rater = [make_criterion() for _ in range(2)], make_user()
        accounts = [make_account() for _ in table]
        for account, cells in zip(accounts, table, strict=True):
            for criterion, cell in zip(criteria, cells, strict=True):
                if cell is not None:
                    make_rating(account, criterion, rater, cell)
        model = make_model(*zip(criteria, (0.6, 0.4), strict=True))
        run = make_run(model)
        Rating.objects.filter(account=accounts[0]).delete()
        for criterion, cell in zip(criteria, edited, strict=True):
            if cell is not None:
                make_rating(accounts[0], criterion, rater, cell)
        found, next_ = (
            provisional(accounts[0], run),
            make_run(model).scores.filter(account=accounts[0]).first(),
        )
        assert found is not None
        if next_ is not None:  # without any rating left the account is not ranked at all
            assert (found.total, found.rank) == (next_.total, next_.rank)


@pytest.fixture
def run(account: Any, alice: Any, dana: Any) -> Any:
    """Return a run over four accounts by one criterion that people rate and one that is computed."""
    rated = make_criterion("fit")
    revenue = make_criterion(
        "revenue", source="computed", fact="revenue", rule={"type": "linear", "bounds": [0, 90]}
    )
    for points, each in zip(
        (4, 8, 6, 2), (account, *(make_account(owner=alice) for _ in range(3))), strict=True
    ):
        make_rating(each, rated, dana, points)
        make_sales(each, [(10, date(2026, 1, 5))])
    return make_run(make_model((rated, 0.5), (revenue, 0.5)))


@pytest.mark.django_db
def test_a_saved_cell_says_where_the_account_would_stand(
    sign_in: Any, run: Any, account: Any, dana: Any
) -> None:
    criterion = run.model.items.get(criterion__code="fit").criterion
    url = f"/scoring/ratings/{account.pk}/{criterion.pk}/save/"
    answer = sign_in(dana).post(url, {"value": "9"}, headers=ENGLISH).json()
    words = f"Provisional: {account.display_name} has 5.50 points, rank 1 instead of 3. It counts with the next run."
    assert answer["standing"] == words
    page = sign_in(dana).get(f"/scoring/runs/{run.pk}/why/{account.pk}/", headers=ENGLISH).content.decode()
    assert words in page
    assert run.scores.get(account=account).total == 3.0


@pytest.mark.django_db
def test_without_a_change_nothing_is_said(sign_in: Any, run: Any, account: Any, dana: Any) -> None:
    found = provisional(account, run)
    assert found is not None
    assert (found.rank, found.has_changed) == (3, False)
    page = sign_in(dana).get(f"/scoring/runs/{run.pk}/why/{account.pk}/", headers=ENGLISH).content.decode()
    assert "Provisional" not in page


@pytest.mark.django_db
def test_an_account_that_the_run_does_not_know_yet_has_a_rank(run: Any, dana: Any) -> None:
    newcomer = make_account()
    make_rating(newcomer, run.model.items.get(criterion__code="fit").criterion, dana, 10)
    found = provisional(newcomer, run)
    assert found is not None
    assert (found.total, found.rank, found.before_rank) == (5.5, 1, None)


@pytest.mark.django_db
def test_the_api_answers_the_same_and_strangers_nothing(
    api: Any, run: Any, account: Any, dana: Any, charlie: Any
) -> None:
    Rating.objects.filter(account=account).update(value=9)
    url = f"/api/v1/score-runs/{run.pk}/accounts/{account.pk}/provisional/"
    body = api(dana).get(url).json()
    assert (body["total"], body["rank"], body["before_rank"], body["has_changed"]) == (5.5, 1, 3, True)
    assert api(charlie).get(url).status_code == 404


@pytest.mark.django_db
def test_it_costs_few_queries_whatever_the_size(
    account: Any, dana: Any, django_assert_num_queries: Any
) -> None:
    for size in (3, 60):
        criterion = make_criterion()
        make_rating(account, criterion, dana, 5)
        for number in range(size):
            make_rating(make_account(), criterion, dana, 1 + number % 10)
        run = make_run(make_model((criterion, 1.0)))
        with django_assert_num_queries(7):
            found = provisional(account, run)
        assert found is not None and found.rank == run.scores.get(account=account).rank
