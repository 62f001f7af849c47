"""Two accounts of the same company, with rows in every table that points at accounts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from accounts.actions.references import references_of
from accounts.models import (
    Account,
    AccountMerge,
    AccountReference,
    AccountTeamMember,
    Activity,
    ContactEmail,
    MergedRow,
    Task,
)
from accounts.rollup import refresh_rollups
from goals.models import (
    AccountPeriod,
    AccountYear,
    BetaFeedback,
    BetaParticipation,
    BetaProgramme,
    Challenge,
    Contract,
    Expectation,
    HealthMonth,
    JointProject,
    Measurement,
    Metric,
    Opportunity,
    Plan,
    Playbook,
    PlaybookRun,
    Procedure,
    Promise,
    ValueEntry,
)
from kam.integrations.models import ImportBatch
from kam.users.models import User
from reports.models import Report, ReportSchedule
from scoring.models import AccountEstimate, BlindList, Criterion, Decision, Rating
from tests.factories import (
    make_account,
    make_contact,
    make_criterion,
    make_goal,
    make_line,
    make_model,
    make_run,
)

DAY = date(2026, 3, 1)


def make_batch(**values: Any) -> ImportBatch:
    return ImportBatch.objects.create(**({"kind": "sales", "file_name": "orders.csv"} | values))


def shared_rows(person: User) -> dict[str, Any]:
    """What belongs to no account, so that both can have a part of it."""
    criterion = make_criterion("trust", source=Criterion.Source.RATED, fact="", rule={})
    programme = BetaProgramme.objects.create(name="Pump", starts_on=DAY, ends_on=DAY)
    return {
        "criterion": criterion,
        "programme": programme,
        "playbook": Playbook.objects.create(name="Kick-off"),
        "blind": BlindList.objects.create(person=person),
        "model": make_model((criterion, 1.0)),
    }


def furnish(account: Account, person: User, shared: dict[str, Any], day: date = DAY) -> Account:
    """Give an account a row in every table; two accounts furnished alike collide wherever they can."""
    contact = make_contact(account, f"Muster {account.pk.hex[-4:]}")
    ContactEmail.objects.create(contact=contact, address="a@example.com")
    AccountReference.objects.create(account=account, source="erp", external_id=str(account.pk)[-12:])
    AccountTeamMember.objects.create(account=account, user=person, function="service")
    activity = Activity.objects.create(account=account, verb="call", body="…", contact=contact)
    Task.objects.create(account=account, title="Order", key=f"order:{account.pk}:all")
    for amount, step in (("100.10", 0), ("-20.05", 1), ("7.33", 40)):
        make_line(
            account, amount, day + timedelta(days=step), order_no=f"O-{step}", cost_amount=Decimal("3.3333")
        )
    refresh_rollups([account.pk])
    _rate(account, person, shared)
    metric = Metric.objects.create(account=account, name="Revenue", fact="revenue")
    Measurement.objects.create(metric=metric, measured_on=day, value=5)
    goal = make_goal(account, metric=metric, key=f"beta:{account.pk}:x", target_value=Decimal(10))
    goal.work.create(activity=activity)
    _plan(account, shared, day)
    report = Report.objects.create(account=account, language="de", as_of=day, created_by=person)
    schedule = ReportSchedule.objects.create(
        account=account, template=report.template, language="de", rhythm="monthly", start_on=day, next_on=day
    )
    schedule.recipients.add(person)
    words = account.search_columns(external_id for _source, external_id in references_of(account))
    Account.objects.filter(pk=account.pk).update(**words)
    return account


def _rate(account: Account, person: User, shared: dict[str, Any]) -> None:
    first = Rating.objects.create(
        account=account,
        criterion=shared["criterion"],
        rater=person,
        value=7,
        rated_on=DAY,
        submitted_at=timezone.now(),
    )
    Rating.objects.create(
        account=account, criterion=shared["criterion"], rater=None, value=3, rated_on=DAY, carried_from=first
    )
    AccountEstimate.objects.create(
        account=account, kind="wallet", value=9, source="said", confidence="low", stated_on=DAY
    )
    decision = Decision.objects.create(account=account, state="approved", reason="…", valid_from=DAY)
    Task.objects.create(account=account, title="Review", key=f"decision:{decision.pk}:review")
    Decision.objects.create(account=account, state="proposed", reason="…")
    Account.objects.filter(pk=account.pk).update(key_since=DAY)
    shared["blind"].accounts.add(account)


def _plan(account: Account, shared: dict[str, Any], day: date) -> None:
    Plan.objects.create(account=account, why=f"Why {account.name}")
    Expectation.objects.create(account=account, side="internal", text="…")
    Promise.objects.create(account=account, text="…", promised_on=day, due_on=day)
    Procedure.objects.create(account=account, title="Delivery")
    JointProject.objects.create(account=account, title="P", benefit_ours="a", benefit_customer="b")
    Challenge.objects.create(account=account, title="C", raised_on=day)
    ValueEntry.objects.create(account=account, direction="give", text="…", occurred_on=day)
    AccountYear.objects.create(account=account, year=2026, planned_revenue=Decimal("12.5"))
    AccountPeriod.objects.create(account=account, name="FY", start_on=day, end_on=day + timedelta(days=9))
    HealthMonth.objects.create(account=account, as_of=day, score=60.5, completeness=0.3)
    contract = Contract.objects.create(account=account, title="Frame", start_on=day, end_on=day)
    Opportunity.objects.create(
        account=account, title="O", expected_on=day, contract=contract, key=f"renewal:{account.pk}:all"
    )
    PlaybookRun.objects.create(account=account, playbook=shared["playbook"], started_on=day)
    taking = BetaParticipation.objects.create(account=account, programme=shared["programme"])
    BetaFeedback.objects.create(participation=taking, kind="wish", text="…", given_on=day)


def pair(person: User, **values: Any) -> tuple[Account, Account]:
    """Return (stays, merged), each with a row in every table, and a run that knows both."""
    shared = shared_rows(person)
    target = furnish(make_account("Nordmetall GmbH", external_id="ERP-1", owner=person), person, shared)
    source = furnish(
        make_account("Nordmetall AG", external_id="ERP-2", owner=person, **values), person, shared
    )
    make_account("Below", parent=source, ultimate_parent=source)
    make_run(shared["model"])
    target.refresh_from_db()
    source.refresh_from_db()
    return target, source


NOT_COMPARED = (AccountMerge, MergedRow, Activity)


def everything() -> dict[str, Any]:
    """Return all rows of all tables, but for the stamps of a change and the record of merges itself."""
    found: dict[str, Any] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("accounts", "goals", "scoring", "reports") and model not in NOT_COMPARED:
            found[model._meta.label] = _rows(model)
    logged = Activity.objects.exclude(verb__startswith="account.merge").order_by("pk")
    return found | {"activities": list(logged.values("pk", "account", "verb", "contact"))}


def _rows(model: type[Model]) -> list[dict[str, Any]]:
    skipped = {"updated_at", "version"}
    if getattr(model, "is_derived", False) and model._meta.app_label == "accounts":
        skipped.add("id")  # the roll-ups are computed anew
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in skipped]
    rows = model._base_manager.order_by(*(["pk"] if "id" not in skipped else ["account", *names[2:4]]))
    return list(rows.values(*names))
