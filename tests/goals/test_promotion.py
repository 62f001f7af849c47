"""The customer hears that it is a key account: a task from the approval on, a conversation once it is logged."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions.next_steps import complete_task, reopen_task
from accounts.models import Activity, Task
from goals.actions.plans import add_entry
from goals.actions.promotion import log_promotion_conversation
from goals.customer_plan import customer_plan
from goals.entries import KINDS
from goals.models import Expectation
from goals.plan_page import plan_page
from goals.work import work_without_goal
from kam.lib.errors import Conflict, DomainError, InvalidInput
from reports.queries.today import bands
from scoring.actions.decisions import approve_decision, end_decision
from scoring.models import Decision, PromotionConversation
from tests.factories import make_account, make_contact, make_decision, make_goal

EXPECTED = {"expectations_internal": "Access to the plant", "expectations_external": "Answers in a day"}
NOTE = "Zebra-Kanarienvogel: worries about the price"


@pytest.fixture
def decision(account: Any, dana: Any, alice: Any) -> Decision:
    return approve_decision(make_decision(account), by=dana, reason="Potential", kam=alice, **EXPECTED)


@pytest.fixture
def values(account: Any) -> dict[str, Any]:
    contact = make_contact(account, "Pannhorst", first_name="Ute")
    return {"held_on": timezone.localdate(), "kind": "visit", "said": NOTE, "contacts": [contact]}


def lines(person: Any) -> list[Any]:
    return [item for band in bands(person, timezone.now(), timezone.localdate()) for item in band.items]


def task_of(decision: Decision) -> Task:
    return Task.objects.get(key=f"decision:{decision.pk}:conversation")


def test_approval_puts_the_conversation_on_the_kams_list_with_its_reason(
    decision: Decision, alice: Any
) -> None:
    task = task_of(decision)
    assert (task.assignee, task.due_on) == (alice, timezone.localdate() + timedelta(days=14))
    assert decision.account.display_name in task.title and "Key Account seit" in task.reason


def test_the_task_speaks_the_kams_language(account: Any, dana: Any, alice: Any) -> None:
    alice.language = "en"
    alice.save()
    with translation.override("de"):
        made = approve_decision(make_decision(account), by=dana, reason="x", kam=alice, **EXPECTED)
    assert "Key account since" in task_of(made).reason


def test_a_very_long_name_still_becomes_a_key_account(dana: Any, alice: Any) -> None:
    account = make_account("Ü" * 200)
    made = approve_decision(make_decision(account), by=dana, reason="x", kam=alice, **EXPECTED)
    assert len(task_of(made).title) == 200


def test_logging_writes_one_entry_about_the_decision_and_completes_the_task(
    decision: Decision, values: Any, alice: Any
) -> None:
    talk = log_promotion_conversation(decision, values=values, by=alice)
    entry = Activity.objects.get(verb="visit", account=decision.account)
    assert (entry.subject_type, entry.subject_id) == ("decision", str(decision.pk))
    assert (entry.contact, entry.body, talk.activity) == (values["contacts"][0], NOTE, entry)
    assert task_of(decision).done_by == alice


def test_a_second_time_corrects_the_first_and_keeps_who_held_it(
    decision: Decision, values: Any, alice: Any, dana: Any
) -> None:
    first = log_promotion_conversation(decision, values=values, by=alice)
    log_promotion_conversation(decision, values=values, by=dana)
    assert not Activity.objects.filter(verb="decision.conversation_corrected").exists()
    talk = log_promotion_conversation(decision, values=values | {"said": "Glad"}, by=dana)
    assert (talk.said, talk.held_by, talk.activity) == ("Glad", alice, first.activity)
    change = Activity.objects.get(verb="decision.conversation_corrected")
    assert change.details["before"] == {"said": NOTE}
    assert Activity.objects.filter(verb="visit").count() == 1


def test_a_correction_of_who_was_there_names_them(decision: Decision, values: Any, alice: Any) -> None:
    log_promotion_conversation(decision, values=values, by=alice)
    other = make_contact(decision.account, "Wolf")
    log_promotion_conversation(decision, values=values | {"contacts": [other]}, by=alice)
    change = Activity.objects.get(verb="decision.conversation_corrected").details
    assert (change["before"], change["after"]) == ({"contacts": ["Ute Pannhorst"]}, {"contacts": ["Wolf"]})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"said": " \n"}, "said"),
        ({"said": "x" * 20_001}, "said"),
        ({"held_on": None}, "held_on"),
        ({"held_on": date(2999, 1, 1)}, "held_on"),
        ({"contacts": []}, "contacts"),
        ({"kind": "dream"}, "kind"),
    ],
)
def test_what_says_nothing_is_refused(
    decision: Decision, values: Any, alice: Any, wrong: Any, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        log_promotion_conversation(decision, values=values | wrong, by=alice)
    assert refused.value.field == field
    assert task_of(decision).done_at is None


def test_a_person_of_another_account_was_not_there(decision: Decision, values: Any, alice: Any) -> None:
    stranger = make_contact(make_account())
    with pytest.raises(InvalidInput):
        log_promotion_conversation(decision, values=values | {"contacts": [stranger]}, by=alice)


@pytest.mark.parametrize("state", ["proposed", "declined", "ended"])
def test_only_a_current_key_account_is_told(account: Any, values: Any, alice: Any, state: str) -> None:
    with pytest.raises(DomainError) as refused:
        log_promotion_conversation(make_decision(account, state=state), values=values, by=alice)
    assert refused.value.code == "not_current"


def test_somebody_elses_correction_is_not_overwritten(decision: Decision, values: Any, alice: Any) -> None:
    talk = log_promotion_conversation(decision, values=values, by=alice)
    with pytest.raises(Conflict):
        stale = talk.version - 1
        log_promotion_conversation(decision, values=values, by=alice, expected_version=stale)


def test_a_side_takes_over_what_the_decision_said_and_accepts_it(
    decision: Decision, values: Any, alice: Any
) -> None:
    log_promotion_conversation(decision, values=values, accepted=["internal", "external"], by=alice)
    rows = {row.side: row for row in Expectation.objects.all()}
    assert rows["internal"].text == "Access to the plant"
    assert (rows["internal"].accepted_by, rows["external"].accepted_by) == ("Ute Pannhorst", "Alice Amann")


def test_expectations_of_the_plan_are_accepted_by_their_ids(
    decision: Decision, values: Any, alice: Any
) -> None:
    rows = [
        add_entry(
            KINDS["expectations"], decision.account, values={"side": "external", "text": text}, by=alice
        )
        for text in ("Training", "Stock")
    ]
    log_promotion_conversation(decision, values=values, accepted=[str(rows[0].pk)], by=alice)
    assert [row.text for row in Expectation.objects.filter(accepted_at__isnull=False)] == ["Training"]


@pytest.mark.parametrize("wrong", ["nonsense", "01234567-89ab-cdef-0123-456789abcdef"])
def test_an_unknown_expectation_is_refused_and_nothing_is_logged(
    decision: Decision, values: Any, alice: Any, wrong: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        log_promotion_conversation(decision, values=values, accepted=[wrong], by=alice)
    assert refused.value.code == "unknown_expectation"
    assert not PromotionConversation.objects.get(decision=decision).is_held


def test_key_status_that_ended_and_came_back_starts_a_new_conversation(
    decision: Decision, values: Any, alice: Any, dana: Any
) -> None:
    end_decision(decision, by=dana, reason="Sold")
    assert task_of(decision).done_at is not None
    again = approve_decision(make_decision(decision.account), by=dana, reason="Back", kam=alice, **EXPECTED)
    assert task_of(again).done_at is None
    page = plan_page(decision.account, timezone.localdate())
    assert page.conversation is not None and page.conversation.decision == again


def test_an_approval_from_before_is_not_recorded_and_can_be_made_up_for(
    account: Any, values: Any, alice: Any, sign_in: Any
) -> None:
    old = make_decision(account, state="approved", valid_from=date(2025, 1, 1))
    assert not Task.objects.filter(account=account).exists()
    page = sign_in(alice).get(reverse("goals:plan", args=[account.pk])).content.decode()
    assert "Nicht erfasst" in page
    log_promotion_conversation(old, values=values, by=alice)
    assert NOTE in sign_in(alice).get(reverse("goals:plan", args=[account.pk])).content.decode()


def test_an_overdue_conversation_is_on_today_and_leads_to_its_form(decision: Decision, alice: Any) -> None:
    later = timezone.now() + timedelta(days=16)
    with time_machine.travel(later, tick=False):
        item = bands(alice, timezone.now(), timezone.localdate())[0].items[0]
    assert (item.tone, item.reason) == ("neg", task_of(decision).reason)
    assert item.action_url == reverse("goals:promotion", args=[decision.pk])


def test_the_conversation_needs_no_goal(decision: Decision, values: Any, alice: Any) -> None:
    make_goal(decision.account)
    log_promotion_conversation(decision, values=values, by=alice)
    assert not work_without_goal(alice).exists()
    assert plan_page(decision.account, timezone.localdate()).work_without_goal == 0


def test_what_the_customer_said_is_not_in_the_plan_it_may_read(
    decision: Decision, values: Any, alice: Any, sign_in: Any
) -> None:
    log_promotion_conversation(decision, values=values, accepted=["external"], by=alice)
    assert NOTE not in str(customer_plan(decision.account, timezone.localdate()))
    page = sign_in(alice).get(reverse("goals:plan_customer", args=[decision.account_id]))
    assert NOTE not in page.content.decode()


class TestThePage:
    def url(self, decision: Decision) -> str:
        return reverse("goals:promotion", args=[decision.pk])

    def test_a_kam_logs_it_in_five_fields(
        self, sign_in: Any, decision: Decision, values: Any, alice: Any
    ) -> None:
        browser = sign_in(alice)
        form = browser.get(self.url(decision)).context["form"]
        assert len(form.fields) == 5
        body = values | {"contacts": [str(values["contacts"][0].pk)], "accepted": ["internal"]}
        answer = browser.post(self.url(decision), body | {"version": "1"})
        assert answer.status_code == 302
        shown = browser.get(answer.url).content.decode()
        assert NOTE in shown and "Ute Pannhorst" in shown
        timeline = browser.get(f"/accounts/{decision.account_id}/").content.decode()
        assert "hat Ute Pannhorst bei einem Besuch getroffen, es ging um den Key-Account-Status" in timeline

    def test_the_form_of_a_held_one_is_filled_and_keeps_who_has_left(
        self, sign_in: Any, decision: Decision, values: Any, alice: Any
    ) -> None:
        log_promotion_conversation(decision, values=values, by=alice)
        values["contacts"][0].left_on = timezone.localdate()
        values["contacts"][0].save()
        make_contact(decision.account, "Wolf")
        page = sign_in(alice).get(self.url(decision)).content.decode()
        assert NOTE in page and "Wolf" in page
        assert page.count("checked") == 1

    def test_who_was_there_stands_apart_from_what_was_said(
        self, sign_in: Any, decision: Decision, values: Any, alice: Any
    ) -> None:
        log_promotion_conversation(decision, values=values, by=alice)
        page = sign_in(alice).get(reverse("goals:plan", args=[decision.account_id])).content.decode()
        assert f'Alice Amann</span>\n<span class="pre-line">{NOTE}' in page

    def test_an_answer_that_is_missing_keeps_what_was_typed(
        self, sign_in: Any, decision: Decision, values: Any, alice: Any
    ) -> None:
        answer = sign_in(alice).post(self.url(decision), {"held_on": "2026-01-05", "said": NOTE})
        assert answer.status_code == 200 and NOTE in answer.content.decode()

    def test_somebody_must_be_known_first(self, sign_in: Any, decision: Decision, alice: Any) -> None:
        page = sign_in(alice).get(self.url(decision)).content.decode()
        assert "noch niemand erfasst" in page and "<textarea" not in page

    def test_plan_and_decision_say_that_it_is_open(
        self, sign_in: Any, decision: Decision, alice: Any
    ) -> None:
        for page in (
            reverse("goals:plan", args=[decision.account_id]),
            reverse("scoring:decision", args=[decision.pk]),
        ):
            shown = sign_in(alice).get(page).content.decode()
            assert "Noch ist nicht festgehalten" in shown and self.url(decision) in shown

    def test_a_task_that_is_ticked_off_by_hand_asks_for_what_was_said(
        self, sign_in: Any, decision: Decision, values: Any, alice: Any
    ) -> None:
        task = complete_task(task_of(decision), by=alice)
        pages = (
            reverse("goals:plan", args=[decision.account_id]),
            reverse("scoring:decision", args=[decision.pk]),
        )
        for page in pages:
            shown = sign_in(alice).get(page).content.decode()
            assert "von Alice Amann abgehakt" in shown and self.url(decision) in shown
            assert "Noch ist nicht festgehalten" not in shown
        reopen_task(task, by=alice)
        shown = [sign_in(alice).get(page).content.decode() for page in pages]
        assert all("abgehakt" not in page and "Noch ist nicht festgehalten" in page for page in shown)
        complete_task(task_of(decision), by=alice)
        log_promotion_conversation(decision, values=values, by=alice)
        assert all("abgehakt" not in sign_in(alice).get(page).content.decode() for page in pages)

    def test_the_certificate_shows_it(
        self, sign_in: Any, decision: Decision, values: Any, alice: Any
    ) -> None:
        url = reverse("scoring:certificate", args=[decision.pk])
        assert "Offen, fällig am" in sign_in(alice).get(url).content.decode()
        log_promotion_conversation(decision, values=values, by=alice)
        assert NOTE in sign_in(alice).get(url).content.decode()

    def test_the_admin_panel_shows_it(
        self, sign_in: Any, decision: Decision, values: Any, alice: Any, dana: Any
    ) -> None:
        talk = log_promotion_conversation(decision, values=values, by=alice)
        assert "Alice" in sign_in(dana).get("/admin/scoring/promotionconversation/").content.decode()
        page = sign_in(dana).get(f"/admin/scoring/promotionconversation/{talk.pk}/change/")
        assert NOTE in page.content.decode()


class TestTheApi:
    def url(self, decision: Decision) -> str:
        return f"/api/v1/decisions/{decision.pk}/conversation/"

    def body(self, values: Any) -> dict[str, Any]:
        return values | {"contacts": [str(values["contacts"][0].pk)], "held_on": str(values["held_on"])}

    def test_it_is_open_then_held(self, api: Any, decision: Decision, values: Any, alice: Any) -> None:
        client = api(alice)
        assert client.get(self.url(decision)).json()["state"] == "open"
        answer = client.post(self.url(decision), self.body(values), format="json")
        assert answer.status_code == 200 and answer.json()["state"] == "held"
        assert client.get(f"/api/v1/decisions/{decision.pk}/").json()["conversation"] == answer.json()

    def test_an_older_decision_is_not_recorded(self, api: Any, account: Any, alice: Any) -> None:
        old = make_decision(account, state="approved")
        assert api(alice).get(self.url(old)).json()["state"] == "not_recorded"

    def test_a_stale_version_is_refused_with_the_current_row(
        self, api: Any, decision: Decision, values: Any, alice: Any
    ) -> None:
        client = api(alice)
        client.post(self.url(decision), self.body(values), format="json")
        body = self.body(values) | {"said": "Other"}
        answer = client.post(self.url(decision), body, format="json", headers={"If-Match": '"1"'})
        assert answer.status_code == 412 and answer.json()["current"]["said"] == NOTE

    def test_strangers_find_nothing_and_viewers_write_nothing(
        self, api: Any, decision: Decision, values: Any, charlie: Any, rita: Any
    ) -> None:
        assert api(charlie).post(self.url(decision), self.body(values), format="json").status_code == 404
        assert api(rita).post(self.url(decision), self.body(values), format="json").status_code == 403

    def test_a_body_without_anything_is_explained(self, api: Any, decision: Decision, alice: Any) -> None:
        answer = api(alice).post(self.url(decision), {}, format="json")
        assert answer.status_code == 422

    def test_many_decisions_cost_no_query_each(
        self, api: Any, dana: Any, alice: Any, django_assert_max_num_queries: Any
    ) -> None:
        def approve(number: int) -> None:
            for _ in range(number):
                approve_decision(make_decision(make_account()), by=dana, reason="x", kam=alice, **EXPECTED)

        client = api(dana)
        approve(2)
        with django_assert_max_num_queries(12) as few:
            client.get("/api/v1/decisions/")
        approve(5)
        with django_assert_max_num_queries(len(few)):
            assert len(client.get("/api/v1/decisions/").json()["results"]) == 7


def test_today_names_a_conversation_whose_task_was_only_ticked_off(
    decision: Decision, values: Any, alice: Any, dana: Any, charlie: Any
) -> None:
    task = complete_task(task_of(decision), by=dana)
    found = [item for item in lines(alice) if item.icon == "talk"]
    assert [item.account for item in found] == [decision.account] and "Dana" in found[0].reason
    assert found[0].action_url == reverse("goals:promotion", args=[decision.pk])
    assert "talk" not in [item.icon for item in lines(charlie)]
    reopen_task(task, by=alice)
    assert "talk" not in [item.icon for item in lines(alice)]
    complete_task(task_of(decision), by=dana)
    log_promotion_conversation(decision, values=values, by=alice)
    assert "talk" not in [item.icon for item in lines(alice)]


def test_a_conversation_that_is_late_is_named_as_late(decision: Decision, alice: Any, dana: Any) -> None:
    complete_task(task_of(decision), by=dana)
    PromotionConversation.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    assert [item.tone for item in lines(alice) if item.icon == "talk"] == ["neg"]


def test_a_key_account_that_is_none_any_more_is_not_named(decision: Decision, alice: Any, dana: Any) -> None:
    complete_task(task_of(decision), by=dana)
    end_decision(decision, by=dana, reason="Sold")
    assert "talk" not in [item.icon for item in lines(alice)]
