"""What a route is about: for each ``about`` a policy names, how to make one that ``person`` may see.

A value is a row, or the arguments of the address when there is more than the one id in it.
"""

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actions.merges import merge_accounts
from accounts.models import Account, AccountReference, Activity, CurrencyRate, Task
from goals.actions.removed import remove_entry
from goals.entries import KINDS
from goals.models import (
    BetaParticipation,
    BetaProgramme,
    Contract,
    Expectation,
    Metric,
    Milestone,
    Opportunity,
    Playbook,
    PlaybookRun,
    Promise,
    TableImport,
)
from kam.integrations.models import ApiKey, Job
from kam.users.models import User
from reports.models import DeliveredReport, Report, ReportDelivery, ReportSchedule, ShareLink
from scoring.models import Backtest, RatingImport, RatingRound
from tests import factories

Maker = Callable[[User, Account], Any]
OBJECTS: dict[str, Maker] = {}
# What belongs to the whole company: everybody who signs in may read it, so nobody is a stranger to it.
SHARED = {
    "criterion",
    "scoring_model",
    "score_run",
    "offering",
    "own_site",
    "currency_rate",
    "rating_round",
    "backtest",
    "scenario",
    "playbook",
    "beta_programme",
}


def about(name: str) -> Callable[[Maker], Maker]:
    def register(maker: Maker) -> Maker:
        OBJECTS[name] = maker
        return maker

    return register


@about("account")
def _account(person: User, account: Account) -> Any:
    return account


@about("merge")
def _merge(person: User, account: Account) -> Any:
    return merge_accounts(account, factories.make_account(), by=factories.make_user("Leader", "leader"))


@about("user")
def _user(person: User, account: Account) -> Any:
    return factories.make_user("Somebody")


@about("job")
def _job(person: User, account: Account) -> Any:
    return Job.objects.create(kind="matrix", created_by=person, state=Job.State.FAILED)


@about("api_key")
def _api_key(person: User, account: Account) -> Any:
    expires = timezone.now() + timedelta(days=1)
    return ApiKey.objects.create(
        name="k", owner=person, prefix=secrets.token_hex(4), expires_at=expires, scopes=["all"]
    )


@about("goal")
def _goal(person: User, account: Account) -> Any:
    return factories.make_goal(account, start_on=date(2026, 1, 1))


@about("external_account")
def _external_account(person: User, account: Account) -> Any:
    external_id = str(account.pk)
    AccountReference.objects.create(account=account, source="erp", external_id=external_id)
    return {"source": "erp", "external_id": external_id}


@about("contact")
def _contact(person: User, account: Account) -> Any:
    return factories.make_contact(account)


@about("task")
def _task(person: User, account: Account) -> Any:
    return Task.objects.create(account=account, title="Call", assignee=person)


@about("offering")
def _offering(person: User, account: Account) -> Any:
    return factories.make_offering()


@about("currency_rate")
def _currency_rate(person: User, account: Account) -> Any:
    return CurrencyRate.objects.get_or_create(
        currency="USD", valid_from=date(2026, 1, 1), defaults={"rate": "0.9"}
    )[0]


@about("own_site")
def _own_site(person: User, account: Account) -> Any:
    return factories.make_site()


@about("metric")
def _metric(person: User, account: Account) -> Any:
    return Metric.objects.create(account=account, name="Adoption")


@about("table_import")
def _table_import(person: User, account: Account) -> Any:
    return TableImport.objects.create(kind="measurements", created_by=person)


@about("milestone")
def _milestone(person: User, account: Account) -> Any:
    goal = factories.make_goal(account)
    return Milestone.objects.create(goal=goal, title="Meet", due_on=date(2026, 6, 1))


@about("criterion")
def _criterion(person: User, account: Account) -> Any:
    return factories.make_criterion()


@about("scoring_model")
def _scoring_model(person: User, account: Account) -> Any:
    return factories.make_model((factories.make_criterion(), 1.0), state="draft")


@about("score_run")
def _score_run(person: User, account: Account) -> Any:
    return factories.make_run()


@about("rating")
def _rating(person: User, account: Account) -> Any:
    return factories.make_rating(account, factories.make_criterion(), person)


@about("decision")
def _decision(person: User, account: Account) -> Any:
    return factories.make_decision(account)


@about("estimate")
def _estimate(person: User, account: Account) -> Any:
    return factories.make_estimate(account, stated_by=person)


@about("report")
def _report(person: User, account: Account) -> Any:
    return factories.make_report(account)


@about("import")
def _import(person: User, account: Account) -> Any:
    batch = factories.make_import(created_by=person)
    batch.error_file.save(f"{batch.pk}.csv", ContentFile(b"row;reason"))
    return batch


@about("ranked_account")
def _ranked_account(person: User, account: Account) -> Any:
    criterion = factories.make_criterion()
    factories.make_rating(account, criterion, person)
    run = factories.make_run(factories.make_model((criterion, 1.0)))
    return {"pk": run.pk, "account": account.pk}


@about("cell")
def _cell(person: User, account: Account) -> Any:
    return {"account": account.pk, "criterion": factories.make_criterion().pk}


@about("backtest")
def _backtest(person: User, account: Account) -> Any:
    model = factories.make_model((factories.make_criterion(), 1.0))
    return Backtest.objects.create(model=model, as_of=date(2025, 1, 1), outcome="revenue")


@about("rating_round")
def _rating_round(person: User, account: Account) -> Any:
    return RatingRound.objects.create(name="Round")


@about("rating_import")
def _rating_import(person: User, account: Account) -> Any:
    return RatingImport.objects.create(file_name="ratings.csv", created_by=person)


@about("scenario")
def _scenario(person: User, account: Account) -> Any:
    return factories.make_scenario(created_by=person)


@about("promise")
def _promise(person: User, account: Account) -> Any:
    day = date(2026, 6, 1)
    return Promise.objects.create(account=account, text="Price list", promised_on=day, due_on=day)


@about("expectation")
def _expectation(person: User, account: Account) -> Any:
    return Expectation.objects.create(account=account, side="internal", text="Growth")


@about("plan_of")
def _plan_of(person: User, account: Account) -> Any:
    return {"pk": account.pk, "kind": "promises"}


@about("plan_entry")
def _plan_entry(person: User, account: Account) -> Any:
    return {"kind": "promises", "pk": _promise(person, account).pk}


@about("guarded_plan_of")
def _guarded_plan_of(person: User, account: Account) -> Any:
    return {"pk": account.pk, "kind": "expectations"}


@about("guarded_plan_entry")
def _guarded_plan_entry(person: User, account: Account) -> Any:
    return {"kind": "expectations", "pk": _expectation(person, account).pk}


@about("beta_programme")
def _beta_programme(person: User, account: Account) -> Any:
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2099, 12, 31)}
    return BetaProgramme.objects.create(name=secrets.token_hex(4), **days)


@about("participation")
def _participation(person: User, account: Account) -> Any:
    return BetaParticipation.objects.create(programme=_beta_programme(person, account), account=account)


@about("logged")
def _logged(person: User, account: Account) -> Any:
    return Activity.objects.create(account=account, verb="call", actor=person, body="Talked")


@about("opportunity")
def _opportunity(person: User, account: Account) -> Any:
    return Opportunity.objects.create(account=account, title="Press", expected_on=date(2026, 6, 1))


@about("contract")
def _contract(person: User, account: Account) -> Any:
    days = {"start_on": date(2026, 1, 1), "end_on": date(2026, 12, 31)}
    return Contract.objects.create(account=account, title="Service", **days)


@about("removed_entry")
def _removed_entry(person: User, account: Account) -> Any:
    return remove_entry(KINDS["promises"], _promise(person, account), by=person)


@about("playbook")
def _playbook(person: User, account: Account) -> Any:
    return Playbook.objects.create(name=secrets.token_hex(4))


@about("playbook_run")
def _playbook_run(person: User, account: Account) -> Any:
    playbook = _playbook(person, account)
    return PlaybookRun.objects.create(playbook=playbook, account=account, started_on=date(2026, 6, 1))


@about("share_link")
def _share_link(person: User, account: Account) -> Any:
    report = Report.objects.create(
        account=account, audience="customer", as_of=date(2026, 6, 30), language="en"
    )
    return ShareLink.objects.create(
        report=report,
        recipient="Purchasing",
        token_hash=secrets.token_hex(32),
        expires_at=timezone.now() + timedelta(days=1),
        created_by=person,
    )


@about("report_delivery")
def _report_delivery(person: User, account: Account) -> Any:
    schedule = _report_schedule(person, account)
    delivery = ReportDelivery.objects.create(schedule=schedule, slot=schedule.next_on)
    DeliveredReport.objects.create(delivery=delivery, user=person, delivered_at=timezone.now())
    return delivery


@about("report_schedule")
def _report_schedule(person: User, account: Account) -> Any:
    day = date(2099, 1, 1)
    words = {"template": "progress", "language": "en", "rhythm": "monthly", "start_on": day, "next_on": day}
    return ReportSchedule.objects.create(account=account, created_by=person, **words)
