"""The yearly review: reminded once, answered with keep or end."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Task
from kam.lib.errors import InvalidInput
from scoring.actions.decisions import a_year_later, end_decision
from scoring.actions.reviews import keep_decision, remind_reviews
from tests.factories import make_decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(account: Any, dana: Any, alice: Any) -> Any:
    account.key_since, account.kam = timezone.localdate() - timedelta(days=360), alice
    account.save()
    day = timezone.localdate() + timedelta(days=5)
    return make_decision(
        account, state="approved", decided_by=dana, kam=alice, review_on=day, valid_from=account.key_since
    )


def test_a_review_that_is_near_opens_one_next_step_for_who_decided(due: Any, dana: Any) -> None:
    assert remind_reviews()["opened"] == 1
    assert remind_reviews()["opened"] == 0
    task = Task.objects.get()
    assert (task.assignee, task.due_on, task.account) == (dana, due.review_on, due.account)


def test_when_who_decided_has_left_the_kam_is_asked(due: Any, dana: Any, alice: Any) -> None:
    dana.is_active = False
    dana.save()
    remind_reviews()
    assert Task.objects.get().assignee == alice


def test_a_review_far_away_is_left_alone(due: Any) -> None:
    due.review_on = timezone.localdate() + timedelta(days=40)
    due.save()
    assert remind_reviews() == {"as_of": timezone.localdate().isoformat(), "reviews": 0, "opened": 0}


def test_keeping_moves_the_review_by_a_year_and_ticks_the_reminder_off(due: Any, dana: Any) -> None:
    remind_reviews()
    day = due.review_on
    keep_decision(due, by=dana, reason="Still grows")
    due.refresh_from_db()
    assert (due.state, due.review_on) == ("approved", a_year_later(day))
    assert not Task.objects.open().exists()


def test_keeping_takes_a_reason(due: Any, dana: Any) -> None:
    with pytest.raises(InvalidInput):
        keep_decision(due, by=dana, reason=" ")


def test_ending_ticks_the_reminder_off_as_well(due: Any, dana: Any) -> None:
    remind_reviews()
    end_decision(due, by=dana, reason="Sold")
    assert not Task.objects.open().exists()


def test_the_reminder_stands_on_today(sign_in: Any, due: Any, dana: Any) -> None:
    remind_reviews()
    page = sign_in(dana).get("/").content.decode()
    assert "Review the key account" in page or "Key Account prüfen" in page


def test_page_and_api_keep(sign_in: Any, api: Any, due: Any, dana: Any, alice: Any) -> None:
    assert sign_in(dana).post(f"/scoring/decisions/{due.pk}/keep/", {"reason": "Grows"}).status_code == 302
    url = f"/api/v1/decisions/{due.pk}/keep/"
    assert api(alice).post(url, {"reason": "Grows"}, format="json").status_code == 403
    assert api(dana).post(url, {"reason": "Grows"}, format="json").status_code == 200
