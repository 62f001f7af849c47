"""The portfolio matrix: where accounts stand, how that moved, page and API."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from goals.models import AccountYear
from kam.lib.errors import InvalidInput
from reports.matrix_chart import matrix_chart
from reports.queries.matrix import Asked, field_at, portfolio_matrix
from scoring.models import ScoreRun
from tests.factories import make_account, make_criterion, make_estimate, make_model, make_rating, make_run

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 1)


@pytest.fixture
def ranked(alice: Any) -> list[Any]:
    """Return four accounts with 9, 8, 3 and 2 points, strong, weak, strong and weak."""
    criterion = make_criterion()
    accounts = []
    for points, own in ((9, 9), (8, 3), (3, 9), (2, 3)):
        account = make_account(f"With {points}", owner=alice, key_since=date(2025, 1, 1))
        make_rating(account, criterion, alice, points)
        make_estimate(account, "strength", own, rival_value=6)
        accounts.append(account)
    make_run(make_model((criterion, 1.0), cut_value=2))
    return accounts


def matrix_for(user: Any, **asked: Any) -> Any:
    return portfolio_matrix(user, ScoreRun.objects.latest(), Asked(**asked), TODAY)


@pytest.mark.parametrize(
    ("x", "y", "field"),
    [(1, 5, "grow"), (2, 9, "grow"), (0.9, 5, "win"), (1.1, 4.9, "hold"), (0, 0, "watch")],
)
def test_on_the_line_counts_as_beyond_it(x: float, y: float, field: str) -> None:
    assert field_at(x, y, (1, 5)) == field


def test_four_accounts_stand_in_four_fields(ranked: Any, dana: Any) -> None:
    matrix = matrix_for(dana)
    assert {str(place.account): place.field for place in matrix.placed} == {
        "With 9": "grow",
        "With 8": "win",
        "With 3": "hold",
        "With 2": "watch",
    }


def test_who_has_no_statement_is_listed_and_not_drawn(ranked: Any, dana: Any) -> None:
    ranked[0].estimates.all().delete()
    matrix = matrix_for(dana)
    assert [str(place.account) for place in matrix.unplaced] == ["With 9"]


def test_movement_is_measured_against_an_earlier_run(ranked: Any, dana: Any, alice: Any) -> None:
    first = ScoreRun.objects.latest()
    account = ranked[3]
    account.ratings.update(value=9, rated_on=TODAY)
    run = make_run(first.model, as_of=TODAY)
    matrix = portfolio_matrix(dana, run, Asked(compare=first), TODAY)
    moved = [place for place in matrix.placed if place.moved]
    assert [(str(p.account), p.field_before, p.field) for p in moved if p.account == account] == [
        ("With 2", "watch", "win")
    ]


def test_a_day_on_which_nothing_was_stated_says_why_nothing_moves(ranked: Any, dana: Any) -> None:
    first = ScoreRun.objects.latest()
    run = make_run(first.model, as_of=TODAY)
    known = matrix_chart(portfolio_matrix(dana, run, Asked(compare=first), TODAY), "EUR")
    first.as_of = date(2026, 5, 1)
    unknown = matrix_chart(portfolio_matrix(dana, run, Asked(compare=first), TODAY), "EUR")
    assert known and "hatten 4 dieser 4 Accounts einen Platz" in known.note
    assert unknown and "darum bewegt sich hier nichts" in unknown.note


def test_a_wallet_in_the_plan_counts_as_a_statement(ranked: Any, dana: Any) -> None:
    AccountYear.objects.create(account=ranked[0], year=2026, wallet=1000, wallet_source="Interview")
    matrix = matrix_for(dana, x="wallet")
    assert [place.x for place in matrix.placed] == [0.0]


def test_a_reader_sees_her_own_accounts_alone(ranked: Any, charlie: Any) -> None:
    assert matrix_for(charlie).placed == []


def test_an_unknown_axis_is_refused(ranked: Any, dana: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        matrix_for(dana, y="beauty")
    assert refused.value.code == "unknown_axis"


def test_the_message_names_where_we_are_weak(ranked: Any, dana: Any) -> None:
    chart = matrix_chart(matrix_for(dana), "EUR")
    assert chart is not None and "With 8" in chart.title
    assert chart.svg.count("data-mark") == 4


def test_nobody_placed_draws_nothing(dana: Any, alice: Any) -> None:
    criterion = make_criterion()
    make_rating(make_account(owner=alice), criterion, alice, 5)
    make_run(make_model((criterion, 1.0)))
    assert matrix_chart(matrix_for(dana), "EUR") is None


def test_the_page_stands_with_and_without_a_run(sign_in: Any, rita: Any) -> None:
    assert sign_in(rita).get("/portfolio/matrix/").status_code == 200


def test_the_page_shows_fields_chart_and_table(sign_in: Any, ranked: Any, dana: Any) -> None:
    page = sign_in(dana).get("/portfolio/matrix/").content.decode()
    assert page.count('class="quad"') == 4 and 'id="matrix"' in page
    assert sign_in(dana).get("/portfolio/matrix/?y=beauty").status_code == 422
    assert sign_in(dana).get("/portfolio/matrix/?compare=beauty").status_code == 404


def test_the_page_costs_the_same_queries_for_few_and_many(
    sign_in: Any, dana: Any, alice: Any, django_assert_max_num_queries: Any
) -> None:
    browser, counts = sign_in(dana), []
    browser.get("/portfolio/matrix/")
    for size in (3, 30):
        criterion = make_criterion()
        for number in range(size):
            account = make_account(owner=alice, key_since=timezone.localdate())
            make_rating(account, criterion, alice, 1 + number % 9)
            make_estimate(account, "stage", 1 + number % 5)
        make_run(make_model((criterion, 1.0)))
        with django_assert_max_num_queries(26) as queries:
            assert browser.get("/portfolio/matrix/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_api_answers_the_same_positions(api: Any, ranked: Any, dana: Any) -> None:
    answer = api(dana).get("/api/v1/portfolio/matrix/").json()
    assert {row["name"]: row["field"] for row in answer["accounts"]}["With 8"] == "win"
    assert (answer["x"], answer["split_x"]) == ("strength", 1.0)
    assert api(dana).get("/api/v1/portfolio/matrix/?y=beauty").status_code == 422
