"""Two accounts become one: rows, fields, roll-ups, and who may."""

from datetime import date
from typing import Any

import pytest

from accounts.actions.merges import merge_accounts
from accounts.imports.matching import AccountIndex
from accounts.merging.preview import preview
from accounts.merging.rules import relations, rule_of
from accounts.models import Account, AccountMerge, AccountTeamMember, Activity, SalesLine, SalesOrder, Task
from accounts.rollup import refresh_rollups, verify_rollups
from goals.models import AccountYear, BetaFeedback, Goal, Metric, Opportunity, Plan, PlaybookRun
from kam.integrations.models import ImportBatch, Job
from kam.lib.errors import DomainError, InvalidInput
from reports.models import ReportSchedule
from scoring.models import Decision, Rating, Score
from tests.accounts.pairs import furnish, make_batch, pair, shared_rows
from tests.factories import make_account, make_contact, make_line, make_run

pytestmark = pytest.mark.django_db


def test_everything_moves_and_nothing_hangs_on_the_merged_account(dana: Any) -> None:
    target, source = pair(dana)
    merge_accounts(target, source, by=dana)
    left = {r.key: r.of(source).count() for r in relations() if rule_of(r).how != "stay"}
    assert {key: count for key, count in left.items() if count} == {}


def test_the_roll_ups_are_right_to_the_cent(dana: Any) -> None:
    target, source = pair(dana)
    merge_accounts(target, source, by=dana)
    assert verify_rollups() == []
    order = SalesOrder.objects.get(account=target, order_no="O-0")
    assert (str(order.net), order.lines) == ("200.2000", 2)


def test_the_merged_account_is_none_any_more_and_the_other_has_its_ids(dana: Any) -> None:
    target, source = pair(dana)
    merge_accounts(target, source, by=dana)
    assert not Account.objects.filter(pk=source.pk).exists()
    assert Account.everything.get(pk=source.pk).merged_into_id == target.pk
    assert Account.objects.known_as("ERP-2").get() == target
    assert list(Account.objects.search("ERP-2")) == [target]


def test_an_import_with_its_id_reaches_the_account_that_stays(dana: Any) -> None:
    target, source = pair(dana)
    merge_accounts(target, source, by=dana)
    assert AccountIndex(make_batch(source="file"), "EUR").find(["ERP-2"]) == {"ERP-2": target.pk}


def test_empty_fields_are_filled_and_chosen_ones_are_taken(dana: Any) -> None:
    target = make_account("A GmbH", city="Köln", country="")
    source = make_account("B AG", city="Bonn", country="DE", latitude="50.7", longitude="7.1")
    merge_accounts(target, source, by=dana, fields={"name": "source"})
    target.refresh_from_db()
    assert (target.name, target.city, target.country) == ("B AG", "Köln", "DE")
    assert (str(target.latitude), str(target.longitude)) == ("50.700000", "7.100000")
    assert target.sort_key == "b"


def test_a_field_that_does_not_exist_is_refused(dana: Any) -> None:
    with pytest.raises(InvalidInput):
        merge_accounts(make_account(), make_account(), by=dana, fields={"key_since": "source"})


def test_earlier_runs_stay_and_the_next_one_knows_one_account(dana: Any) -> None:
    target, source = pair(dana)
    before = list(Score.objects.order_by("pk").values())
    merge_accounts(target, source, by=dana)
    assert list(Score.objects.order_by("pk").values()) == before
    run = make_run(Score.objects.first().run.model, as_of=date(2026, 7, 31))
    assert set(Score.objects.of_run(run).values_list("account", flat=True)) == {target.pk}


def test_one_decision_stays_in_force(dana: Any) -> None:
    target, source = pair(dana)
    merge_accounts(target, source, by=dana)
    states = sorted(Decision.objects.filter(account=target).values_list("state", flat=True))
    assert states == ["approved", "declined", "ended", "proposed"]
    assert Task.objects.open().filter(title="Review").count() == 1


def test_a_decision_about_the_merged_account_makes_the_other_one_key(dana: Any) -> None:
    target, source = make_account(), make_account(key_since=date(2026, 1, 1))
    Decision.objects.create(account=source, state="approved")
    Decision.objects.create(account=target, state="proposed")
    merge_accounts(target, source, by=dana)
    target.refresh_from_db()
    assert target.key_since == date(2026, 1, 1)
    assert set(Decision.objects.filter(account=target).values_list("state", flat=True)) == {
        "approved",
        "declined",
    }


def test_a_plan_merged_midway_keeps_its_goals_and_gets_the_others(dana: Any) -> None:
    target, source = pair(dana)
    Plan.objects.filter(account=target).update(how="")
    Plan.objects.filter(account=source).update(how="By service")
    merge_accounts(target, source, by=dana)
    plan = Plan.objects.get()
    assert (plan.account, plan.why, plan.how) == (target, "Why Nordmetall GmbH", "By service")
    assert Goal.objects.filter(account=target).count() == 2
    assert set(Metric.objects.values_list("name", flat=True)) == {"Revenue", "Revenue (Nordmetall AG)"}


def test_the_plan_of_the_merged_account_moves_where_there_is_none(dana: Any) -> None:
    target, source = make_account(), make_account()
    plan = Plan.objects.create(account=source, why="…")
    merge_accounts(target, source, by=dana)
    plan.refresh_from_db()
    assert plan.account == target


def test_one_reason_is_open_once(dana: Any) -> None:
    target, source = pair(dana)
    merge_accounts(target, source, by=dana)
    for model in (Task, Goal, Opportunity):
        keys = [key for key in model.objects.values_list("key", flat=True) if key and str(source.pk) in key]
        assert keys == []
        assert model.objects.filter(account=target, key__contains=str(target.pk)).count() == 1


def test_what_collides_in_the_plan_is_settled(dana: Any) -> None:
    target, source = pair(dana)
    AccountYear.objects.filter(account=source).update(wallet=77)
    merge_accounts(target, source, by=dana)
    year = AccountYear.objects.get()
    assert (year.account, str(year.planned_revenue), str(year.wallet)) == (target, "12.5000", "77.0000")
    assert BetaFeedback.objects.filter(participation__account=target).count() == 2
    assert PlaybookRun.objects.filter(ended_at__isnull=True).count() == 1
    assert Rating.objects.filter(rater=dana).count() == 1


def test_a_scheduled_report_goes_on_once_to_the_recipients_of_both(dana: Any, alice: Any, bob: Any) -> None:
    shared = shared_rows(alice)
    target, source = furnish(make_account(), alice, shared), furnish(make_account(), bob, shared)
    merge_accounts(target, source, by=dana)
    active = ReportSchedule.objects.get(is_active=True)
    assert (active.account, set(active.recipients.all())) == (target, {alice, bob})


def test_who_looked_after_the_merged_account_is_on_the_team(dana: Any, alice: Any, bob: Any) -> None:
    target, source = make_account(owner=alice), make_account(owner=bob)
    merge_accounts(target, source, by=dana)
    assert AccountTeamMember.objects.get(account=target).user == bob
    assert Account.objects.visible_to(bob).get() == target


def test_the_account_that_stays_takes_the_place_of_one_above_it(dana: Any) -> None:
    top = make_account("Top")
    source = make_account("Holding", parent=top, ultimate_parent=top)
    middle = make_account("Middle", parent=source, ultimate_parent=top)
    target = make_account("Works", parent=middle, ultimate_parent=top)
    merge_accounts(target, source, by=dana)
    target.refresh_from_db()
    middle.refresh_from_db()
    assert (target.parent, middle.parent) == (top, target)
    assert middle.ultimate_parent == top


def test_subsidiaries_of_one_below_move_up(dana: Any) -> None:
    target = make_account("Top")
    source = make_account("Same", parent=target, ultimate_parent=target)
    below = make_account("Below", parent=source, ultimate_parent=target)
    merge_accounts(target, source, by=dana)
    below.refresh_from_db()
    target.refresh_from_db()
    assert (below.parent, below.ultimate_parent, target.parent) == (target, target, None)


def test_it_is_written_once_to_the_timeline(dana: Any) -> None:
    target, source = make_account(), make_account()
    merge = merge_accounts(target, source, by=dana)
    entry = Activity.objects.get(verb="account.merged")
    assert (entry.account, entry.actor, entry.details["merge"]) == (target, dana, str(merge.pk))


def test_only_a_leader_merges_a_key_account_away(alice: Any) -> None:
    target = make_account(owner=alice)
    source = make_account(owner=alice, key_since=date(2026, 1, 1))
    with pytest.raises(DomainError) as refused:
        merge_accounts(target, source, by=alice)
    assert refused.value.code == "key_account"
    assert merge_accounts(source, target, by=alice).state == "merged"


def test_what_cannot_be_merged_is_refused(dana: Any) -> None:
    target, source = make_account(), make_account()
    with pytest.raises(DomainError) as itself:
        merge_accounts(target, target, by=dana)
    merge_accounts(target, source, by=dana)
    with pytest.raises(DomainError) as again:
        merge_accounts(target, source, by=dana)
    make_batch(state=ImportBatch.State.COMMITTING)
    with pytest.raises(DomainError) as busy:
        merge_accounts(target, make_account(), by=dana)
    codes = [refused.value.code for refused in (itself, again, busy)]
    assert codes == ["same_account", "merged_already", "import_running"]


def test_many_lines_move_in_a_job(dana: Any, monkeypatch: Any) -> None:
    from kam.integrations import jobs

    monkeypatch.setattr("accounts.actions.merges.LINES_AT_ONCE", 1)
    target, source = make_account(), make_account()
    make_line(source), make_line(source)
    merge = merge_accounts(target, source, by=dana)
    assert (merge.state, SalesLine.objects.filter(account=source).count()) == ("queued", 2)
    jobs.run(merge.job.pk)
    merge.refresh_from_db()
    assert (merge.state, SalesLine.objects.filter(account=target).count()) == ("merged", 2)
    assert Job.objects.get().result["lines"] == 2


def test_a_merge_whose_job_failed_can_be_ordered_again(dana: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("accounts.actions.merges.LINES_AT_ONCE", 0)
    target, source = make_account(), make_account()
    make_line(source)
    merge_accounts(target, source, by=dana)
    Job.objects.update(state="failed", key=None)
    assert merge_accounts(target, source, by=dana).state == "queued"
    assert AccountMerge.objects.count() == 1


def test_the_preview_counts_and_says_what_collides(dana: Any) -> None:
    target, source = pair(dana)
    found = preview(target, source, by=dana, chosen={})
    rows = {row.key: (row.target, row.source, row.collide) for row in found.counts}
    assert rows["accounts.salesline.account"] == (3, 3, 0)
    assert rows["goals.plan.account"] == (1, 1, 1)
    assert rows["scoring.rating.account"] == (2, 2, 1)
    assert len(found.warnings) == 2 and found.refusal is None
    assert Account.objects.count() == 3


@pytest.mark.parametrize("size", [1, 12])
def test_the_preview_asks_as_much_for_many_rows_as_for_few(
    dana: Any, size: int, django_assert_num_queries: Any
) -> None:
    target, source = pair(dana)
    for account in (target, source):
        for number in range(size):
            make_line(account)
            make_contact(account, f"P{number}")
        refresh_rollups([account.pk])
    with django_assert_num_queries(57):
        preview(target, source, by=dana, chosen={})


@pytest.mark.parametrize("size", [1, 40])
def test_a_merge_writes_as_often_for_many_lines_as_for_few(
    dana: Any, size: int, django_assert_num_queries: Any
) -> None:
    target, source = make_account(), make_account()
    for _ in range(size):
        make_line(source)
        make_contact(source)
    with django_assert_num_queries(129):
        merge_accounts(target, source, by=dana)
