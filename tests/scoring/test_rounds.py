"""Rating rounds: blind until handed in, then compared."""

from decimal import Decimal
from typing import Any

import pytest

from kam.lib.errors import DomainError, InvalidInput
from scoring.actions.ratings import Judgement, rate
from scoring.actions.rounds import carry_over, close_round, confirm_ratings, create_round, submit_round
from scoring.consensus import agreements
from scoring.explain import evidence
from scoring.models import Rating, Score
from scoring.round_progress import round_progress
from tests.factories import make_account, make_criterion, make_model, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def criterion() -> Any:
    return make_criterion()


@pytest.fixture
def round(criterion: Any, dana: Any, alice: Any, bob: Any) -> Any:
    return create_round("Autumn", criteria=[criterion], raters=[alice, bob], by=dana)


def judge(round: Any, criterion: Any, by: Any, *values: int) -> None:
    from accounts.models import Account

    accounts = list(Account.objects.order_by("pk"))
    while len(accounts) < len(values):
        accounts.append(make_account())
    for account, value in zip(accounts, values, strict=False):
        rate(account, criterion, Judgement(Decimal(value)), by=by, round=round)


def test_nobody_reads_the_others_before_handing_in(
    round: Any, criterion: Any, account: Any, alice: Any, bob: Any
) -> None:
    judge(round, criterion, alice, 7)
    submit_round(round, by=alice)
    assert not Rating.objects.readable_by(bob).exists()
    judge(round, criterion, bob, 4)
    assert Rating.objects.readable_by(bob).count() == 1
    submit_round(round, by=bob)
    assert Rating.objects.readable_by(bob).count() == 2


def test_a_draft_counts_in_no_run_and_a_submitted_rating_does(
    round: Any, criterion: Any, account: Any, alice: Any
) -> None:
    from django.utils import timezone

    model, today = make_model((criterion, 1.0)), timezone.localdate()
    judge(round, criterion, alice, 7)
    assert not Score.objects.filter(run=make_run(model, as_of=today)).exists()
    submit_round(round, by=alice)
    assert Score.objects.get(run=make_run(model, as_of=today)).total == 7


def test_the_latest_rating_of_a_rater_counts_whatever_round_it_came_from(
    round: Any, criterion: Any, account: Any, alice: Any
) -> None:
    from datetime import date

    from django.utils import timezone

    early = Judgement(Decimal(3), rated_on=date(2026, 1, 1))
    rate(account, criterion, early, by=alice)
    judge(round, criterion, alice, 9)
    submit_round(round, by=alice)
    assert (
        Score.objects.get(run=make_run(make_model((criterion, 1.0)), as_of=timezone.localdate())).total == 9
    )


def test_what_is_handed_in_stays(round: Any, criterion: Any, account: Any, alice: Any) -> None:
    judge(round, criterion, alice, 7)
    submit_round(round, by=alice)
    with pytest.raises(DomainError) as refused:
        judge(round, criterion, alice, 8)
    assert refused.value.code == "round_submitted"


def test_a_closed_round_takes_no_ratings(
    round: Any, criterion: Any, account: Any, alice: Any, dana: Any
) -> None:
    close_round(round, by=dana)
    with pytest.raises(DomainError) as refused:
        judge(round, criterion, alice, 8)
    assert refused.value.code == "round_closed"


def test_raters_who_agree_are_told_so_and_those_who_do_not(
    round: Any, criterion: Any, dana: Any, alice: Any, bob: Any
) -> None:
    judge(round, criterion, alice, 2, 5, 8, 9)
    judge(round, criterion, bob, 2, 5, 8, 9)
    for person in (alice, bob):
        submit_round(round, by=person)
    agreement = agreements(round, dana)[0]
    assert (agreement.alpha, agreement.reading, agreement.differences) == (1.0, "good", [])
    Rating.objects.filter(rater=bob).update(value=5)
    agreement = agreements(round, dana)[0]
    assert agreement.reading == "poor"
    assert (agreement.differences[0].lowest, agreement.differences[0].highest) == (5.0, 9.0)


@pytest.mark.parametrize("wrong", ["raters", "criteria", "name"])
def test_a_round_needs_a_name_two_raters_and_criteria_to_rate(
    criterion: Any, dana: Any, alice: Any, bob: Any, wrong: str
) -> None:
    bad = {
        "raters": [alice],
        "criteria": [make_criterion(source="computed", fact="tenure_days")],
        "name": " ",
    }
    values = {"name": "R", "criteria": [criterion], "raters": [alice, bob], wrong: bad[wrong]}
    with pytest.raises(InvalidInput) as refused:
        create_round(by=dana, **values)
    assert refused.value.field == wrong


def test_a_round_is_rated_and_handed_in_on_the_pages(
    sign_in: Any, round: Any, criterion: Any, account: Any, alice: Any
) -> None:
    browser, name = sign_in(alice), f"{account.pk}:{criterion.pk}"
    browser.post(f"/scoring/ratings/?round={round.pk}", {name: "7", f"seen:{name}": "0 "})
    browser.post(f"/scoring/rounds/{round.pk}/submit/")
    rating = Rating.objects.get(round=round)
    assert (rating.value, rating.submitted_at is not None) == (Decimal(7), True)


def test_the_page_of_a_round_says_that_it_is_blind(sign_in: Any, round: Any, alice: Any, dana: Any) -> None:
    assert sign_in(alice).get(f"/scoring/rounds/{round.pk}/").context["is_blind"]
    assert not sign_in(dana).get(f"/scoring/rounds/{round.pk}/").context["is_blind"]


def test_everybody_sees_how_far_each_rater_is_and_nobody_what_was_said(
    sign_in: Any, api: Any, round: Any, criterion: Any, alice: Any, bob: Any
) -> None:
    accounts = [make_account(owner=alice) for _n in range(3)]
    for account in accounts[:2]:
        rate(account, criterion, Judgement(Decimal("8.5"), note="Secret"), by=alice, round=round)
    browser, url = sign_in(bob), f"/scoring/rounds/{round.pk}/"
    page = browser.get(url, headers={"accept-language": "en"}).content.decode()
    assert "2 of 3" in page and "under way" in page and "not started" in page
    assert "8.5" not in page and "Secret" not in page
    submit_round(round, by=alice)
    assert "handed in" in browser.get(url, headers={"accept-language": "en"}).content.decode()
    rows = api(bob).get(f"/api/v1/rating-rounds/{round.pk}/progress/").json()["results"]
    assert rows == [
        {
            "rater": str(each.pk),
            "name": each.name,
            "handed_in": each == alice,
            "accounts": accounts,
            "filled": done,
        }
        for each, accounts, done in ((alice, 3, {criterion.code: 2}), (bob, 0, {criterion.code: 0}))
    ]


def test_the_page_of_a_round_asks_one_query_a_rater(
    round: Any, criterion: Any, alice: Any, bob: Any, charlie: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5):
        round_progress(round)
    for _n in range(20):
        rate(make_account(owner=alice), criterion, Judgement(Decimal(5)), by=alice, round=round)
    round.raters.add(charlie)
    with django_assert_num_queries(6):
        assert [each.cells for each in round_progress(round)] == [20, 0, 0]


def test_it_is_all_in_the_api(api: Any, criterion: Any, dana: Any, alice: Any, bob: Any) -> None:
    body = {"name": "R", "criteria": [criterion.code], "raters": [str(alice.pk), str(bob.pk)]}
    made = api(dana).post("/api/v1/rating-rounds/", body, format="json")
    assert made.status_code == 201
    url = f"/api/v1/rating-rounds/{made.json()['id']}/"
    assert api(alice).post(f"{url}submit/").status_code == 409
    assert api(alice).get(f"{url}agreement/").json()["results"][0]["reading"] == "undefined"


# --- carrying over ------------------------------------------------------------------------------------------------


def earlier(account: Any, criterion: Any, by: Any, value: int, on: Any, **values: Any) -> Any:
    from tests.factories import make_rating

    return make_rating(account, criterion, by, value, rated_on=on, **values)


def test_a_new_round_proposes_what_each_said_last_with_its_day(
    criterion: Any, account: Any, dana: Any, alice: Any, bob: Any
) -> None:
    from datetime import date

    first = create_round("First", criteria=[criterion], raters=[alice, bob], by=dana)
    earlier(account, criterion, alice, 3, date(2024, 1, 1), round=first)
    last = earlier(account, criterion, alice, 7, date(2025, 9, 1), note="Workshop")
    earlier(account, criterion, bob, 5, date(2025, 9, 1), round=first)
    second = create_round("Second", criteria=[criterion], raters=[alice, bob], with_last=True, by=dana)
    draft = Rating.objects.get(round=second, rater=alice)
    assert (draft.value, draft.note, draft.rated_on) == (Decimal(7), "Workshop", date(2025, 9, 1))
    assert (draft.carried_from, draft.submitted_at) == (last, None)
    assert Rating.objects.get(round=second, rater=bob).value == Decimal(5)
    assert not Rating.objects.readable_by(dana).filter(round=second).exists()


def test_a_rater_takes_over_once_and_only_into_empty_cells(
    round: Any, criterion: Any, account: Any, alice: Any, bob: Any
) -> None:
    from datetime import date

    other = make_account(owner=alice)
    for each in (account, other):
        earlier(each, criterion, alice, 4, date(2025, 9, 1))
    earlier(account, criterion, bob, 9, date(2025, 9, 1))
    rate(account, criterion, Judgement(Decimal(8)), by=alice, round=round)
    assert carry_over(round, by=alice) == 1
    values = Rating.objects.filter(round=round, rater=alice).values_list("account", "value")
    assert dict(values) == {account.pk: Decimal(8), other.pk: Decimal(4)}
    with pytest.raises(DomainError) as refused:
        carry_over(round, by=alice)
    assert refused.value.code == "nothing_to_carry"


def test_a_proposal_said_again_is_of_today_and_one_left_alone_keeps_its_day(
    round: Any, criterion: Any, account: Any, alice: Any
) -> None:
    from datetime import date

    from django.utils import timezone

    other = make_account(owner=alice)
    for each in (account, other):
        earlier(each, criterion, alice, 4, date(2025, 9, 1))
    carry_over(round, by=alice)
    carried = Rating.objects.filter(round=round).select_related("account", "criterion", "round")
    assert confirm_ratings(carried.filter(account=account), by=alice) == 1
    submit_round(round, by=alice)
    said, left = (Rating.objects.get(round=round, account=each) for each in (account, other))
    assert (said.rated_on, said.carried_from) == (timezone.localdate(), None)
    assert left.rated_on == date(2025, 9, 1)
    assert left.carried_from is not None
    with pytest.raises(DomainError) as refused:
        carry_over(round, by=alice)
    assert refused.value.code == "round_submitted"


def test_proposals_are_marked_with_their_age_and_confirmed_on_the_page(
    sign_in: Any, round: Any, criterion: Any, account: Any, alice: Any
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    earlier(account, criterion, alice, 4, timezone.localdate() - timedelta(days=430))
    browser = sign_in(alice)
    browser.post(f"/scoring/rounds/{round.pk}/carry-over/")
    page = browser.get(f"/scoring/ratings/?round={round.pk}", headers={"Accept-Language": "en"})
    assert "14 months old" in page.content.decode()
    assert page.context["carried"] == 1
    browser.post(f"/scoring/ratings/?round={round.pk}", {"confirm": "1"})
    assert Rating.objects.get(round=round).rated_on == timezone.localdate()


def test_carrying_over_is_in_the_api(
    api: Any, round: Any, criterion: Any, account: Any, alice: Any, charlie: Any
) -> None:
    from datetime import date

    url = f"/api/v1/rating-rounds/{round.pk}/carry-over/"
    assert api(alice).post(url).json()["code"] == "nothing_to_carry"
    old = earlier(account, criterion, alice, 4, date(2025, 9, 1))
    assert api(alice).post(url).json() == {"carried": 1}
    drafts = api(alice).get(f"/api/v1/ratings/?round={round.pk}").json()["results"]
    assert drafts[0]["carried_from"] == str(old.pk)
    assert api(charlie).post(url).status_code == 422


def test_the_reasons_of_a_score_stay_blind_in_an_open_round(
    round: Any, criterion: Any, account: Any, alice: Any, bob: Any, dana: Any
) -> None:
    from django.utils import timezone

    judge(round, criterion, alice, 7)
    submit_round(round, by=alice)
    run = make_run(make_model((criterion, 1.0)), as_of=timezone.localdate())
    assert evidence(account, run, bob) == {}
    assert [rating.value for rating in evidence(account, run, dana)[criterion.code]] == [Decimal(7)]
