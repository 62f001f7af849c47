"""Beta programmes: whom they fit, who is asked how often, consent, feedback and outcome."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity, Task
from goals.actions import beta as actions
from goals.ahead import anticipations
from goals.beta import candidates
from goals.fit import Customer, Profile, fit
from goals.models import BetaFeedback, BetaLimits, BetaParticipation, BetaProgramme
from kam.lib.errors import Conflict, DomainError, InvalidInput
from tests.factories import make_account, make_contact, make_offering, make_sales

CONSENT = {"consent_by": "Dr. Pannhorst", "consent_on": timezone.localdate(), "consent_how": "mail"}
CUSTOMER = Customer("Automotive", "Deutschland", True, True, Decimal(100))


def url(name: str, *arguments: Any) -> str:
    return reverse(f"goals:{name}", args=arguments)


def programme(name: str = "Remote diagnosis", **values: Any) -> BetaProgramme:
    today = timezone.localdate()
    days = {"starts_on": today - timedelta(10), "ends_on": today + timedelta(60)}
    return BetaProgramme.objects.create(name=name, **(days | values))


def taking_part(account: Any, by: Any, beta: BetaProgramme | None = None) -> BetaParticipation:
    row = actions.invite(beta or programme(), [account], by=by).rows[0]
    return actions.move(row, state="accepted", values=dict(CONSENT), by=by)


@pytest.mark.parametrize(
    ("profile", "met", "asked"),
    [
        (Profile(), 0, 0),
        (Profile(industries=["automotive", "Chemie"]), 1, 1),
        (Profile(industries=["Chemie"], countries=["deutschland "]), 1, 2),
        (Profile(key_only=True, buys="Press"), 2, 2),
        (Profile(revenue_from=Decimal(100), revenue_to=Decimal(100)), 1, 1),
        (Profile(revenue_from=Decimal(101)), 0, 1),
        (Profile(revenue_to=Decimal(99)), 0, 1),
    ],
)
def test_the_fit_counts_the_conditions_that_are_met(profile: Profile, met: int, asked: int) -> None:
    found = fit(profile, CUSTOMER)
    assert (found.met, found.asked) == (met, asked)
    assert found.share == (met / asked if asked else 1)


def test_what_is_not_known_is_not_met() -> None:
    found = fit(Profile(industries=["Chemie"]), Customer(" ", "", False, False, Decimal(0)))
    assert (found.conditions[0].met, found.share) == (None, 0)


def test_the_best_fit_comes_first_with_its_reason(alice: Any, dana: Any) -> None:
    press, today = make_offering("P", name="Press"), timezone.localdate()
    buyer = make_account("Buyer", industry="Automotive", country="Deutschland")
    unknown = make_account("Unknown", industry="", country="Deutschland")
    make_account("Other", industry="Chemie", country="Deutschland")
    make_sales(buyer, [(500, today.replace(day=1) - timedelta(40))], offering=press)
    beta = programme(industries="automotive", countries="Deutschland", buys=press, revenue_from=Decimal(100))
    found = candidates(beta, dana, today, "EUR")
    assert [row.account for row in found] == [buyer, unknown]
    assert "Press" in found[0].sentence and (found[0].fit.met, found[0].fit.asked) == (4, 4)
    assert found[1].fit.met == 1
    assert candidates(beta, alice, today, "EUR") == []


def test_candidates_need_the_same_queries_at_two_sizes(dana: Any) -> None:
    beta, counts = programme(key_only=False, buys=make_offering(), revenue_from=Decimal(1)), []
    for size in (2, 9):
        for _ in range(size):
            taking_part(make_account(), dana, programme(f"{size}-{_}"))
        with CaptureQueriesContext(connection) as queries:
            candidates(beta, dana, timezone.localdate(), "EUR")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_an_account_at_the_limit_is_refused_until_a_reason_is_given(account: Any, alice: Any) -> None:
    taking_part(account, alice)
    beta = programme("Second")
    refused = actions.invite(beta, [account], by=alice).refused
    assert refused[0][0] == account and "Remote diagnosis" in refused[0][1]
    assert not beta.participations.exists()
    row = actions.invite(beta, [account], by=alice, reason="It asked for it").rows[0]
    assert (row.state, row.override_reason) == ("invited", "It asked for it")


def test_invitations_of_the_last_twelve_months_count(account: Any, alice: Any) -> None:
    today = timezone.localdate()
    actions.set_limits(at_once=5, per_year=2, by=alice)
    for number, ago in enumerate((400, 300, 200)):
        over = programme(f"Over {number}", ends_on=today - timedelta(1), starts_on=today - timedelta(500))
        BetaParticipation.objects.create(
            programme=over, account=account, state="declined", invited_on=today - timedelta(ago)
        )
    assert actions.invite(programme(), [account], by=alice).refused
    actions.set_limits(at_once=5, per_year=3, by=alice)
    assert actions.invite(BetaProgramme.objects.get(name="Remote diagnosis"), [account], by=alice).rows


def test_a_draft_burdens_nobody_and_is_invited_later(account: Any, alice: Any) -> None:
    beta = programme()
    row = actions.invite(beta, [account], by=alice, draft=True).rows[0]
    assert (row.state, row.invited_on) == ("draft", None)
    assert not actions.invite(programme("Second"), [account], by=alice).refused
    assert actions.invite(beta, [account], by=alice, reason="Both fit").rows == [row]
    row.refresh_from_db()
    assert row.state == "invited"


@pytest.mark.parametrize("missing", ["consent_by", "consent_on", "consent_how"])
def test_nobody_takes_part_without_consent(account: Any, alice: Any, missing: str) -> None:
    row = actions.invite(programme(), [account], by=alice).rows[0]
    with pytest.raises(InvalidInput) as caught:
        actions.move(
            row, state="accepted", values=CONSENT | {missing: None if missing[-2:] == "on" else ""}, by=alice
        )
    assert caught.value.field == missing


def test_consent_is_not_given_tomorrow(account: Any, alice: Any) -> None:
    row = actions.invite(programme(), [account], by=alice).rows[0]
    tomorrow = timezone.localdate() + timedelta(1)
    with pytest.raises(InvalidInput):
        actions.move(row, state="accepted", values=CONSENT | {"consent_on": tomorrow}, by=alice)


def test_places_are_counted(account: Any, alice: Any) -> None:
    beta = programme(places=1)
    taking_part(account, alice, beta)
    with pytest.raises(DomainError) as caught:
        taking_part(make_account(), alice, beta)
    assert caught.value.code == "no_place"


def test_a_step_that_does_not_follow_is_refused(account: Any, alice: Any) -> None:
    row = actions.invite(programme(), [account], by=alice).rows[0]
    with pytest.raises(DomainError):
        actions.move(row, state="finished", by=alice)


def test_an_answer_taken_back_takes_the_consent_along(account: Any, alice: Any) -> None:
    row = taking_part(account, alice)
    actions.move(row, state="invited", by=alice)
    assert (row.consent_on, row.consent_by, row.answered_on) == (None, "", None)
    verbs = list(Activity.objects.filter(account=account).values_list("verb", flat=True))
    assert sorted(verbs) == ["beta.accepted", "beta.invited", "beta.invited"]


def test_feedback_comes_from_those_who_take_part(account: Any, alice: Any) -> None:
    row = actions.invite(programme(), [account], by=alice).rows[0]
    said = {"kind": "wish", "text": "On the phone, too"}
    with pytest.raises(DomainError):
        actions.note_feedback(row, values=said, by=alice)
    actions.move(row, state="accepted", values=dict(CONSENT), by=alice)
    with pytest.raises(InvalidInput):
        actions.note_feedback(row, values=said | {"contact": make_contact(make_account())}, by=alice)
    assert actions.note_feedback(row, values=said, by=alice).given_on == timezone.localdate()


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"ends_on": date(2020, 1, 1)},
        {"places": 0},
        {"revenue_from": Decimal(2), "revenue_to": Decimal(1)},
        {"colour": "red"},
    ],
)
def test_an_impossible_programme_is_refused(alice: Any, values: Any) -> None:
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 6, 1)}
    with pytest.raises(InvalidInput):
        actions.save_programme(None, values={"name": "A"} | days | values, by=alice)
    assert not BetaProgramme.objects.exists()


def test_a_programme_is_changed_on_its_version_only(alice: Any) -> None:
    beta = programme()
    actions.save_programme(beta, values={"places": 3}, by=alice, expected_version=1)
    with pytest.raises(Conflict):
        actions.save_programme(beta, values={"places": 4}, by=alice, expected_version=1)


def test_a_name_stands_once(alice: Any) -> None:
    programme("Pilot")
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 6, 1)}
    with pytest.raises(InvalidInput) as caught:
        actions.save_programme(None, values={"name": "Pilot"} | days, by=alice)
    assert caught.value.field == "name"


FORM = {"name": "Pilot", "starts_on": "2026-01-01", "ends_on": "2099-01-01", "industries": "Chemie"}


def test_it_is_planned_filled_and_finished_on_its_pages(sign_in: Any, alice: Any, account: Any) -> None:
    client = sign_in(alice)
    assert client.post(url("beta_create"), FORM).status_code == 302
    beta = BetaProgramme.objects.get()
    assert client.post(url("beta_edit", beta.pk), FORM | {"places": "3", "version": "1"}).status_code == 302
    assert client.get(url("beta_edit", beta.pk)).context["form"]["starts_on"].value() == date(2026, 1, 1)
    client.post(url("beta_invite", beta.pk), {"accounts": [account.pk], "draft": "1"})
    row = BetaParticipation.objects.get()
    move = url("participation_move", row.pk)
    client.post(move, {"state": "invited"})
    assert client.post(move, {"state": "accepted"}).status_code == 200
    agreed = {"consent_by": "Board", "consent_on": "2026-01-05", "consent_how": "written"}
    client.post(move, {"state": "accepted"} | agreed)
    said = {"kind": "praise", "text": "Good", "given_on": "2026-01-20"}
    client.post(url("participation_feedback", row.pk), said)
    client.post(move, {"state": "finished", "outcome": "ordered", "outcome_text": "Two of them"})
    row.refresh_from_db()
    assert (row.state, row.outcome, row.consent_by, BetaFeedback.objects.count()) == (
        "finished", "ordered", "Board", 1)  # fmt: skip
    for page in (url("betas"), url("beta", beta.pk), url("participation", row.pk), url("plan", account.pk)):
        assert "Pilot" in client.get(page).content.decode()


def test_the_page_says_who_was_not_invited_and_why(sign_in: Any, alice: Any, account: Any) -> None:
    taking_part(account, alice)
    beta, other = programme("Second"), make_account("Other", owner=alice)
    body = {"accounts": [account.pk, other.pk]}
    page = sign_in(alice).post(url("beta_invite", beta.pk), body, follow=True).content.decode()
    assert account.name in page and "Remote diagnosis" in page
    assert [row.account for row in beta.participations.all()] == [other]


def test_charlie_sees_the_programme_but_not_who_is_in(
    sign_in: Any, charlie: Any, alice: Any, account: Any
) -> None:
    row = taking_part(account, alice)
    client = sign_in(charlie)
    page = client.get(url("beta", row.programme_id))
    assert (page.status_code, list(page.context["participations"]), page.context["others"]) == (200, [], 1)
    assert client.get(url("participation", row.pk)).status_code == 404
    assert client.post(url("participation_move", row.pk), {"state": "withdrawn"}).status_code == 404


def test_a_closed_programme_invites_nobody(sign_in: Any, alice: Any, account: Any) -> None:
    beta, client = programme(), sign_in(alice)
    client.post(url("beta_close", beta.pk))
    client.post(url("beta_invite", beta.pk), {"accounts": [account.pk]})
    assert not BetaParticipation.objects.exists()
    client.post(url("beta_close", beta.pk), {"reopen": "1"})
    client.post(url("beta_invite", beta.pk), {"accounts": [account.pk]})
    assert BetaParticipation.objects.get().state == "invited"


def test_a_programme_that_fits_is_to_be_expected(account: Any, alice: Any) -> None:
    account.industry = "Chemie"
    account.save(update_fields=["industry"])
    beta = programme(industries="Chemie")
    programme("Elsewhere", industries="Luftfahrt")
    found = anticipations(account, timezone.localdate(), "EUR")
    assert [(row.kind, row.about) for row in found] == [("beta", str(beta.pk))]
    actions.invite(beta, [account], by=alice, draft=True)
    assert anticipations(account, timezone.localdate(), "EUR") == []


def test_a_fitting_programme_becomes_a_task(sign_in: Any, alice: Any, account: Any) -> None:
    beta = programme(industries="Chemie")
    body = {"kind": "beta", "programme": beta.pk, "back": "plan"}
    assert sign_in(alice).post(url("anticipate", account.pk), body).url == url("plan", account.pk)
    assert "Remote diagnosis" in Task.objects.get().title


def test_limits_are_the_leaders(sign_in: Any, dana: Any, alice: Any) -> None:
    assert sign_in(alice).get(url("beta_limits")).status_code == 403
    sign_in(dana).post(url("beta_limits"), {"at_once": "2", "per_year": "4"})
    assert (BetaLimits.current().at_once, BetaLimits.current().per_year) == (2, 4)


def test_the_api_plans_invites_and_notes(api: Any, alice: Any, account: Any) -> None:
    client = api(alice)
    made = client.post("/api/v1/beta-programmes/", FORM)
    assert made.status_code == 201, made.json()
    assert client.post("/api/v1/beta-programmes/", FORM).status_code == 422
    one = f"/api/v1/beta-programmes/{made.json()['id']}/"
    assert client.get(f"{one}candidates/").json()["results"][0]["asked"] == 1
    asked = client.post(f"{one}invitations/", {"accounts": [str(account.pk)]}).json()
    assert asked["refused"] == []
    row = f"/api/v1/beta-participations/{asked['participations'][0]['id']}/"
    assert client.patch(row, {"state": "accepted"}).status_code == 422
    agreed = {"consent_by": "Board", "consent_on": "2026-01-05", "consent_how": "written"}
    assert client.patch(row, {"state": "accepted"} | agreed).json()["state"] == "accepted"
    said = client.post(f"{row}feedback/", {"kind": "wish", "text": "Faster"})
    assert said.status_code == 201, said.json()
    assert len(client.get(f"{row}feedback/").json()["results"]) == 1
    assert client.get("/api/v1/beta-participations/?state=accepted").json()["results"]


def test_the_api_says_who_was_refused(api: Any, alice: Any, account: Any) -> None:
    taking_part(account, alice)
    address = f"/api/v1/beta-programmes/{programme('Second').pk}/invitations/"
    answer = api(alice).post(address, {"accounts": [str(account.pk)]}).json()
    assert answer["participations"] == [] and "Remote diagnosis" in answer["refused"][0]["why"]


def test_nobody_asks_more_customers_than_one_person_chooses(api: Any, dana: Any, account: Any) -> None:
    address = f"/api/v1/beta-programmes/{programme('Second').pk}/invitations/"
    answer = api(dana).post(address, {"accounts": [str(account.pk)] * 501})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/accounts")
    assert "500" in answer.json()["errors"][0]["detail"]
