"""Score runs: set-based, repeatable, and equal to the pure function."""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actions import imports
from accounts.models import Account
from kam.integrations import jobs
from scoring.actions.runs import create_run
from scoring.models import Rating, Score, ScoreRun
from scoring.ranking import ranks, score_account
from scoring.robustness import robustness
from tests.accounts.test_import_sales import FILE, run, upload
from tests.factories import (
    make_account,
    make_criterion,
    make_model,
    make_rating,
    make_run,
    make_sales,
    make_user,
)

FIXED = {"type": "linear", "bounds": [0, 1000], "direction": "higher"}
CELLS = st.lists(st.one_of(st.none(), st.just("na"), st.integers(10, 100)), min_size=3, max_size=3)


class SetBasedRunTest(TestCase):
    """A TestCase, because Hypothesis rolls back between its examples only there."""

    @settings(max_examples=15, deadline=None)
    @given(st.lists(CELLS, min_size=1, max_size=6))
    def test_a_run_equals_the_pure_function_account_by_account(self, table: list[list[Any]]) -> None:
        criteria, rater = [make_criterion() for _ in range(3)], make_user()
        weights = [0.5, 0.3, 0.2]
        expected = {}
        for cells in table:
            account = make_account()
            for criterion, cell in zip(criteria, cells, strict=True):
                if cell is not None:
                    make_rating(account, criterion, rater, None if cell == "na" else cell / 10)
            ratings = [cell / 10 if isinstance(cell, int) else None for cell in cells]
            pure = score_account(ratings, weights, [cell != "na" for cell in cells])
            if pure.total is not None and any(cell is not None for cell in cells):
                expected[account.pk] = (pure.total, pure.high, pure.completeness)
        run = make_run(make_model(*zip(criteria, weights, strict=True)))
        found = {s.account_id: (s.total, s.high, s.completeness) for s in Score.objects.filter(run=run)}
        assert found == expected
        stored = list(Score.objects.filter(run=run).ranked().values_list("total", "rank"))
        assert [rank for _total, rank in stored] == ranks([total for total, _rank in stored]).tolist()

    @settings(max_examples=10, deadline=None)
    @given(st.lists(st.integers(1, 5000), min_size=1, max_size=4), st.integers(1, 5000))
    def test_adding_an_account_changes_no_other_score_under_fixed_bounds(
        self, amounts: list[int], more: int
    ) -> None:
        criterion = make_criterion(source="computed", fact="revenue", rule=FIXED)
        model = make_model((criterion, 1.0))
        for amount in amounts:
            make_sales(make_account(), [(amount, date(2026, 1, 5))])
        before = dict(Score.objects.filter(run=make_run(model)).values_list("account", "total"))
        make_sales(make_account(), [(more, date(2026, 1, 5))])
        after = dict(Score.objects.filter(run=make_run(model)).values_list("account", "total"))
        assert before.items() <= after.items()


@pytest.fixture
def model(account: Any, alice: Any) -> Any:
    criterion = make_criterion()
    make_rating(account, criterion, alice, 7)
    return make_model((criterion, 1.0), name="Autumn")


@pytest.mark.django_db
def test_running_again_gives_the_same_figures(model: Any) -> None:
    columns = ("account", "position", "rank", "total", "low", "high", "facts", "ratings")
    first = make_run(model)
    ScoreRun.objects.update(inputs="")  # so that the second computes, too
    second = make_run(model)
    assert second.same_as is None
    stored = [list(Score.objects.filter(run=run).values(*columns)) for run in (first, second)]
    assert stored[0] == stored[1]


@pytest.mark.django_db
def test_a_total_is_that_of_the_stored_means_to_the_last_bit(account: Any) -> None:
    criteria = [make_criterion() for _ in range(3)]
    for values in ((7.3, 1, 9.9), (6.4, 1.1, 2.2), (5.3, 1, 3.1)):
        rater = make_user()
        for criterion, value in zip(criteria, values, strict=True):
            make_rating(account, criterion, rater, value)
    run = make_run(make_model(*zip(criteria, (0.4567, 0.3, 0.2433), strict=True)))
    score = Score.objects.get(run=run)
    assert score.ratings == [pytest.approx(19 / 3), pytest.approx(3.1 / 3), pytest.approx(15.2 / 3)]
    assert score.total == score_account(score.ratings, run.weights).total


@pytest.mark.django_db
def test_people_and_rules_rank_the_same_ratings_alike(alice: Any) -> None:
    """A model with a rule is added up in Python, one without where its ratings are."""
    rated, computed = make_criterion(), make_criterion(source="computed", fact="revenue", rule=FIXED)
    for value in (7, 3, None, 7):
        make_sales(account := make_account(), [(10, date(2026, 1, 5))])
        if value is not None:
            make_rating(account, rated, alice, value)
    columns = ("account", "position", "rank", "total", "low", "high", "completeness")
    by_people, by_both = (
        list(Score.objects.filter(run=make_run(model)).values_list(*columns))
        for model in (make_model((rated, 1.0)), make_model((rated, 1.0), (computed, 0.0)))
    )
    assert by_people == by_both
    assert [row[1:] for row in by_people] == [
        (1, 1, 7, 7, 7, 1),
        (2, 1, 7, 7, 7, 1),
        (3, 3, 3, 3, 3, 1),
        (4, 4, 1, 1, 10, 0),
    ]


@pytest.mark.django_db
def test_a_first_order_of_somebody_unrated_makes_another_run(model: Any, account: Any) -> None:
    first = make_run(model)
    make_sales(make_account(), [(10, date(2026, 1, 5))])
    assert make_run(model).same_as is None
    assert first.accounts == 1


@pytest.mark.django_db
def test_a_run_with_unchanged_inputs_writes_nothing_but_its_own_row(model: Any) -> None:
    first = make_run(model)
    second = make_run(model, as_of=first.as_of + timedelta(days=1))
    third = make_run(model)
    assert (second.same_as, third.same_as) == (first, first)
    assert Score.objects.count() == first.accounts == second.accounts
    assert list(Score.objects.of_run(second)) == list(Score.objects.of_run(first))
    assert second.certainty == first.certainty


@pytest.mark.django_db
def test_a_run_leaves_nothing_to_find_out_to_whoever_asks_how_sure_it_is(model: Any, account: Any) -> None:
    first, second = make_run(model), make_run(model)
    assert second.same_as == first
    Score.objects.all().delete()  # so that nothing could be found out any more
    assert robustness(first).keys == robustness(second).keys == [account.pk]


@pytest.mark.django_db
def test_a_changed_rating_or_cut_line_makes_scores_of_its_own(model: Any, account: Any, alice: Any) -> None:
    first = make_run(model)
    type(model).objects.filter(pk=model.pk).update(cut_value=3)
    model.refresh_from_db()
    moved = make_run(model)
    Rating.objects.update(value=8)
    rated = make_run(model)
    assert (first.same_as, moved.same_as, rated.same_as) == (None, None, None)
    assert Score.objects.of_run(rated).get().total == 8


@pytest.mark.django_db
def test_the_change_of_rank_of_an_unchanged_run_is_against_the_last_different_one(
    model: Any, alice: Any
) -> None:
    first = make_run(model)
    make_rating(make_account("Better GmbH"), model.items.get().criterion, alice, 9)
    make_run(model)
    again = make_run(model)
    assert again.previous == first
    assert [s.previous_rank for s in Score.objects.of_run(again).ranked()] == [None, 1]


@pytest.mark.django_db
def test_a_run_knows_the_ranks_of_the_run_before(model: Any, alice: Any) -> None:
    make_run(model)
    other = make_account("Better GmbH")
    make_rating(other, model.items.get().criterion, alice, 9)
    second = make_run(model)
    assert list(Score.objects.filter(run=second).ranked().values_list("rank", "previous_rank")) == [
        (1, None),
        (2, 1),
    ]


@pytest.mark.django_db
def test_an_account_whose_orders_were_all_reversed_later_still_stands_in_the_run() -> None:
    account = make_account()
    make_sales(account, [(100, date(2026, 1, 5)), (-100, date(2026, 1, 6))])
    only_reversed = make_account()
    make_sales(only_reversed, [(-50, date(2026, 1, 6))])
    criterion = make_criterion(source="computed", fact="revenue", rule=FIXED)
    assert [s.account for s in Score.objects.filter(run=make_run(make_model((criterion, 1.0))))] == [account]


@pytest.mark.django_db
def test_nobody_to_rank_is_an_empty_run_and_no_error() -> None:
    run = make_run()
    assert (run.accounts, run.certainty) == (0, [])


@pytest.mark.django_db
def test_one_account_or_all_equal_gets_the_middle_of_the_scale() -> None:
    rule = {"type": "linear", "bounds": "portfolio"}
    criterion = make_criterion(source="computed", fact="revenue", rule=rule)
    for _ in range(2):
        make_sales(make_account(), [(100, date(2026, 1, 5))])
    assert {s.total for s in Score.objects.filter(run=make_run(make_model((criterion, 1.0))))} == {5.5}


@pytest.mark.django_db
def test_a_run_is_queued_as_a_job_that_ends_with_its_result(model: Any, dana: Any) -> None:
    run = create_run(model, as_of=date(2026, 6, 30), by=dana)
    job = jobs.run(run.job_id)
    assert job is not None
    assert job.result == {
        "id": str(run.pk),
        "model": "Autumn",
        "version": 1,
        "as_of": "2026-06-30",
        "accounts": 1,
        "certainty": True,
    }


@pytest.mark.django_db
def test_the_command_runs_every_model_in_use_and_prints_json(model: Any) -> None:
    out = StringIO()
    call_command("recompute_scores", "--as-of", "2026-06-30", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert [run["model"] for run in result["runs"]] == ["Autumn"]
    assert result["accounts"] == 1
    assert ScoreRun.objects.get(pk=result["id"]).finished_at


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [["--model", "Nobody"], ["--as-of", "yesterday"]])
def test_the_command_says_what_is_wrong(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("recompute_scores", *arguments)


@pytest.mark.django_db
def test_the_queries_of_a_run_do_not_grow_with_the_accounts(
    django_assert_max_num_queries: Any, alice: Any
) -> None:
    criterion = make_criterion()
    model = make_model((criterion, 1.0))
    for size in (3, 30):
        Rating.objects.all().delete()
        for _ in range(size):
            make_rating(make_account(), criterion, alice, 7)
        with django_assert_max_num_queries(27):
            make_run(model)


@pytest.mark.django_db
def test_an_undone_import_takes_the_scores_of_its_accounts_along() -> None:
    batch = upload(FILE)
    run(imports.COMMIT, batch)
    scored = make_run(make_model((make_criterion(source="computed", fact="revenue", rule=FIXED), 1.0)))
    assert scored.accounts > 0
    run(imports.UNDO, batch)
    assert not Account.objects.exists()
    assert not Score.objects.exists()
