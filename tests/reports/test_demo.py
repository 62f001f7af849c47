"""The demo company: complete, the same every time, and gone without a trace when it is removed."""

from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from accounts.actions.imports import start_undo
from accounts.actions.merges import merge_accounts
from accounts.models import (
    Account,
    AccountMerge,
    AccountReference,
    Activity,
    Contact,
    Offering,
    SalesLine,
    SalesOrder,
    Task,
)
from accounts.rollup import verify_rollups
from accounts.templatetags.timeline import SENTENCES
from goals.models import Goal, Measurement, Plan, Playbook, PlaybookRun
from goals.status import goal_status
from kam.integrations.jobs import run_now
from kam.integrations.models import ImportBatch, Job
from kam.lib.errors import DomainError
from kam.users.models import Organisation, Team, User
from reports.demo import removal, words
from reports.demo.actions import has_demo, rebuild_demo, remove_demo
from reports.demo.customers import ACCOUNTS, TWIN, external_id
from scoring.models import (
    Backtest,
    Criterion,
    Decision,
    Rating,
    RatingRound,
    Scenario,
    Score,
    ScoreRun,
    ScoringModel,
)
from tests.factories import make_account, make_line, make_sales, make_user

# What the demo fills and its removal must empty again.
TABLES = (Account, Contact, Offering, SalesLine, SalesOrder, Activity, Task, Goal, Plan, Measurement, Rating)
TABLES += (Playbook, PlaybookRun)
TABLES += (Backtest, Scenario, RatingRound, ScoringModel, ScoreRun, Score, Decision, ImportBatch, Team, User)


@pytest.fixture(scope="module")
def built(django_db_setup: Any, django_db_blocker: Any) -> Iterator[str]:
    """Build the company once for this module, by the command, and return what it printed."""
    out = StringIO()
    with django_db_blocker.unblock():
        call_command("demo", stdout=out)
    yield out.getvalue()
    with django_db_blocker.unblock():
        removal.remove()
        Organisation.objects.all().delete()


@pytest.fixture
def demo(built: str, db: None) -> None:
    """Each test works on the company inside a transaction of its own."""


def test_the_command_refuses_an_installation_that_is_in_use(account: Any) -> None:
    with pytest.raises(CommandError):
        call_command("demo", stdout=StringIO())
    assert Account.objects.count() == 1


def test_the_sign_in_page_offers_the_demos_people(db: None, client: Any, settings: Any) -> None:
    settings.DEMO = True
    page = reverse("account_login")
    assert words.PASSWORD not in client.get(page).content.decode()
    Organisation.objects.update_or_create(pk=1, defaults={"is_demo": True})
    person = make_user("Leonie Falk", "leader", email="leonie.falk@demo.example", password=words.PASSWORD)
    assert person.email in client.get(page).content.decode()
    answer = client.post(page, {"login": person.email, "password": words.PASSWORD})
    assert answer.status_code == 302
    settings.DEMO = False
    client.logout()
    assert person.email not in client.get(page).content.decode()


def leader() -> User:
    return User.objects.get(email="leonie.falk@demo.example")


def test_it_has_the_promised_size(demo: None) -> None:
    leaves = Offering.objects.filter(parent__isnull=False)
    assert (Account.objects.count(), Contact.objects.count(), leaves.count()) == (240, 900, 40)
    assert set(leaves.values_list("kind", flat=True)) == {"goods", "service", "subscription", "no_goods"}
    assert Account.objects.filter(parent__isnull=False).count() == 48
    days = SalesLine.objects.order_by("ordered_on").values_list("ordered_on", flat=True)
    assert (days.last() or timezone.localdate()) < timezone.localdate()
    assert (timezone.localdate() - days[0]).days > 1080
    assert verify_rollups() == []


def test_its_orders_are_no_import_that_could_be_undone_alone(demo: None, client: Any) -> None:
    batch = removal.demo_batches().get()
    client.force_login(leader())
    assert "/undo/" not in client.get(f"/imports/{batch.pk}/").content.decode()
    with pytest.raises(DomainError) as refused:
        start_undo(batch, by=leader())
    assert refused.value.code == "demo_import"
    assert SalesLine.objects.filter(batch=batch).exists()


def test_every_room_has_something_to_show(demo: None) -> None:
    states = set(Decision.objects.values_list("state", flat=True))
    assert states == {"proposed", "approved", "declined", "ended"}
    assert list(ScoringModel.objects.order_by("number").values_list("state", flat=True)) == [
        "retired",
        "active",
    ]
    assert ScoreRun.objects.finished().count() == 6
    assert 0 < Score.objects.filter(completeness__lt=1).count() < Score.objects.count()
    today = timezone.localdate()
    found = {goal_status(goal, today).state for goal in Goal.objects.for_list(today)}
    assert {"on_track", "off_track", "at_risk", "achieved"} <= found
    assert Task.objects.overdue(today).exists()
    assert SalesLine.objects.filter(is_reversal=True).exists()
    assert all(test.result["enough"] for test in Backtest.objects.all())
    assert Scenario.objects.get().state == "proposed"


def test_every_criterion_states_the_business_need_it_serves(demo: None) -> None:
    needs = Criterion.objects.values_list("need_de", "need_en")
    assert all(de and en for de, en in needs)


def test_a_key_account_has_a_key_account_manager_and_its_decision(demo: None) -> None:
    keys = Account.objects.key()
    assert keys.count() >= 12
    assert not keys.filter(kam__isnull=True).exists()
    approved = Decision.objects.filter(state="approved").values_list("account_id", flat=True)
    assert set(approved) == set(keys.values_list("pk", flat=True))


def test_nothing_happened_in_the_future(demo: None) -> None:
    assert not Activity.objects.filter(occurred_at__gt=timezone.now()).exists()
    assert not Rating.objects.filter(rated_on__gt=timezone.localdate()).exists()


def test_every_entry_of_a_timeline_is_a_sentence(demo: None) -> None:
    verbs = Activity.objects.filter(account__isnull=False).values_list("verb", flat=True).distinct()
    assert set(verbs.order_by()) <= SENTENCES.keys()


def test_building_it_afresh_gives_the_same_company(demo: None) -> None:
    def picture() -> list[Any]:
        revenue = (
            Account.objects.annotate(sold=Sum("orders__net")).order_by("name").values_list("name", "sold")
        )
        decided = Decision.objects.order_by("account__name", "state").values_list("account__name", "state")
        return [*revenue, *decided, Goal.objects.count(), Activity.objects.count()]

    first = picture()
    rebuild_demo()
    assert picture() == first


def test_removing_it_leaves_nothing_behind(demo: None) -> None:
    dana = make_user("Dana Dorn", "leader")
    remove_demo(by=dana)
    assert Activity.objects.get().verb == "demo.removed"
    assert User.objects.get() == dana
    assert {table for table in TABLES if table._default_manager.exists()} == {Activity, User}
    assert not Criterion.objects.filter(is_shipped=False).exists()
    assert (has_demo(), Organisation.current().name) == (False, "KAM")


def test_its_twins_can_be_merged_and_go_with_the_demo_all_the_same(demo: None) -> None:
    twin = Account.objects.get(references__external_id=external_id(ACCOUNTS - 1))
    first = Account.objects.get(references__external_id=external_id(TWIN))
    assert first.brand_name == twin.brand_name
    merge_accounts(first, twin, by=leader())
    assert verify_rollups() == []
    dana = make_user("Dana Dorn", "leader")
    remove_demo(by=dana)
    assert (Account.everything.exists(), AccountMerge.objects.exists()) == (False, False)


def test_removing_it_keeps_what_people_entered_and_imported(demo: None) -> None:
    dana = make_user("Dana Dorn", "leader")
    own = make_account("Eigene GmbH", owner=dana)
    make_sales(own, [("500", date(2026, 3, 1))])
    worked_on, sold_to, *_ = Account.objects.filter(orders__isnull=False, parent__isnull=False).distinct()
    Activity.objects.create(account=worked_on, verb="note", actor=dana, body="Ours")
    offering = Offering.objects.get(code="SRV-WAR")
    make_line(sold_to, "700", offering=offering)
    counts = remove_demo(by=dana)
    assert counts["accounts_kept"] == 2
    assert set(Account.objects.all()) == {own, worked_on, sold_to}
    assert set(Offering.objects.values_list("code", flat=True)) == {"SRV-WAR", "SRV"}
    assert SalesLine.objects.count() == 2
    assert verify_rollups() == []
    assert not AccountReference.objects.filter(source=words.SOURCE).exists()
    sold_to.refresh_from_db()
    assert sold_to.parent is None


def test_a_demo_sign_in_that_still_owns_something_is_shut(demo: None) -> None:
    dana = make_user("Dana Dorn", "leader")
    make_account("Eigene GmbH", owner=leader())
    remove_demo(by=dana)
    assert list(User.objects.values_list("email", "is_active").order_by("email")) == [
        ("leonie.falk@demo.example", False),
        (dana.email, True),
    ]


def test_who_removes_it_stays_while_there_is_no_other_leader(demo: None) -> None:
    remove_demo(by=leader())
    assert list(User.objects.values_list("email", "is_active")) == [("leonie.falk@demo.example", True)]
    with pytest.raises(DomainError):
        remove_demo(by=leader())


def test_the_button_removes_it_as_a_job(demo: None, sign_in: Any) -> None:
    browser = sign_in(leader())
    assert reverse("demo_remove") in browser.get(reverse("organisation")).content.decode()
    answer = browser.post(reverse("demo_remove"))
    job = Job.objects.get(kind="reports.demo_remove")
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    done = run_now("reports.demo_remove", {}, by=leader())
    assert done.state == Job.State.SUCCEEDED
    assert not Account.objects.exists()
    page = browser.get(reverse("jobs:detail", args=[done.pk])).content.decode()
    assert reverse("imports:create") in page.partition('id="job"')[2]


def test_the_command_builds_once_and_says_how_to_sign_in(built: str, demo: None) -> None:
    again = StringIO()
    accounts = set(Account.objects.values_list("pk", flat=True))
    call_command("demo", stdout=again)
    assert set(Account.objects.values_list("pk", flat=True)) == accounts
    for out in (built, again.getvalue()):
        assert "leonie.falk@demo.example" in out
        assert words.PASSWORD in out
