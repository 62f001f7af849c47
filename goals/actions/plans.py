"""The plan of an account and its entries: expectations, promises, procedures, projects, challenges, values."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from accounts.models import Account
from accounts.tidy import tidy_text, tidy_values
from goals.entries import KINDS, EntryKind
from goals.models import AccountPeriod, Contract, Expectation, Opportunity, Plan, Promise
from goals.plan_templates import TEMPLATES
from kam.lib.errors import InvalidInput
from kam.lib.models import LARGEST_AMOUNT
from kam.lib.versions import check_version, save_changes
from kam.users.models import User

MOST_NOTICE_DAYS, MOST_MONTHS = 1826, 120
PLAN_FIELDS = ("why", "how", "what", "purpose_ours", "purpose_customer")


@transaction.atomic
def update_plan(
    account: Account, *, values: dict[str, Any], by: User | None, expected_version: int | None = None
) -> Plan:
    """Write why, how, what and the purposes; the plan is made on first use. Raises Conflict on another version."""
    _check_fields(values, (*PLAN_FIELDS, "shared"))
    if unknown := sorted(set(values.get("shared", [])) - set(PLAN_FIELDS)):
        raise InvalidInput(
            "unknown_text",
            gettext_noop("There is no text “%(name)s”."),
            {"name": str(unknown[0])[:40]},
            "shared",
        )
    plan, _made = Plan.objects.get_or_create(account=account)
    check_version(plan, expected_version)
    clean = tidy_values(Plan, values)
    changed = differences(plan, clean)
    if changed:
        save_changes(
            plan, {name: clean[name] for name in changed["after"]}, expected_version=expected_version
        )
        record("plan.updated", by=by, account=account, subject=plan, **changed)
    return plan


@transaction.atomic
def fill_plan(account: Account, *, template: str, by: User | None) -> Plan:
    """Fill the texts of a plan that are empty with the sentences of a template, in the writer's language.

    Raises InvalidInput for a template that does not exist, and Conflict when somebody writes the plan meanwhile.
    """
    if template not in TEMPLATES:
        raise InvalidInput("no_template", gettext_noop("There is no such template."), field="template")
    plan, _made = Plan.objects.get_or_create(account=account)
    _label, texts = TEMPLATES[template]
    values = {name: str(text) for name, text in texts.items() if not getattr(plan, name)}
    return update_plan(account, values=values, by=by, expected_version=plan.version)


@transaction.atomic
def add_entry(
    kind: EntryKind, account: Account, *, values: dict[str, Any], by: User | None, key: str | None = None
) -> Any:
    """Add an entry to an account's plan. Raises InvalidInput for what cannot stand in it.

    ``key`` names the anticipation that an opportunity came from: an open one with that key is returned instead.
    """
    if key and (standing := kind.model.objects.open().filter(key=key).first()):
        return standing
    _check_fields(values, kind.fields)
    clean = tidy_values(kind.model, values)
    row = kind.model(account=account, **({"key": key} if key else {}), **clean)
    for name, value in _consequences(row, clean).items():
        setattr(row, name, value)
    _check(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput(
            "exists", gettext_noop("There is such an entry already."), field=kind.fields[0]
        ) from error
    record(f"{kind.verb}.created", by=by, account=account, subject=row, after=clean)
    return row


@transaction.atomic
def change_entry(
    kind: EntryKind, row: Any, *, values: dict[str, Any], by: User | None, expected_version: int | None = None
) -> Any:
    """Change an entry. Raises Conflict on another version."""
    check_version(row, expected_version)
    _check_fields(values, kind.fields)
    clean = tidy_values(kind.model, values)
    changed = differences(row, clean)
    if not changed:
        return row
    new = {name: clean[name] for name in changed["after"]}
    for name, value in new.items():
        setattr(row, name, value)
    new |= _consequences(row, new)
    _check(row)
    try:
        with transaction.atomic():
            save_changes(row, new, expected_version=expected_version)
    except IntegrityError as error:
        raise InvalidInput(
            "exists", gettext_noop("There is such an entry already."), field=kind.fields[0]
        ) from error
    record(f"{kind.verb}.updated", by=by, account=row.account, subject=row, **changed)
    return row


@transaction.atomic
def accept_expectation(row: Expectation, *, who: str, by: User | None) -> Expectation:
    """Note who accepted an expectation; accepted stays accepted."""
    name = tidy_text(who)[:120]
    if not name:
        raise InvalidInput("nobody", gettext_noop("Say who accepted it."), field="who")
    if row.accepted_at is None:
        save_changes(row, {"accepted_at": timezone.now(), "accepted_by": name}, expected_version=None)
        record("expectation.accepted", by=by, account=row.account, subject=row, accepted_by=name)
    return row


@transaction.atomic
def close_promise(row: Promise, *, state: str, by: User | None, on: date | None = None) -> Promise:
    """Say whether a promise was kept or broken; ``open`` takes that back."""
    if state not in Promise.State.values:
        raise InvalidInput("bad_state", gettext_noop("A promise is open, kept or broken."), field="state")
    if row.state == state:
        return row
    day = None if state == Promise.State.OPEN else on or timezone.localdate()
    before = {"before": {"state": row.state}, "after": {"state": state}}
    save_changes(row, {"state": state, "closed_on": day}, expected_version=None)
    verb = "promise.reopened" if state == Promise.State.OPEN else f"promise.{state}"
    record(verb, by=by, account=row.account, subject=row, **before)
    return row


@transaction.atomic
def take_over_expectations(account: Account, *, by: User | None) -> list[Expectation]:
    """Make expectations of what was written in the approved decision, where the plan has none of that side."""
    decision = account.decisions.filter(state="approved").order_by("-decided_at").first()
    texts = {
        "internal": decision.expectations_internal if decision else "",
        "external": decision.expectations_external if decision else "",
    }
    missing = [side for side in texts if texts[side] and not account.expectations.filter(side=side).exists()]
    kind = KINDS["expectations"]
    return [add_entry(kind, account, values={"side": side, "text": texts[side]}, by=by) for side in missing]


def _check_fields(values: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := sorted(set(values) - set(known)):
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )


def _consequences(row: Any, new: dict[str, Any]) -> dict[str, Any]:
    """Return what changes along with the new values."""
    if isinstance(row, Expectation) and "text" in new:
        # What was accepted was the old text.
        return {"accepted_at": None, "accepted_by": ""}
    if isinstance(row, Opportunity) and "stage" in new:
        closed = new["stage"] in Opportunity.CLOSED
        return {"closed_on": (row.closed_on or timezone.localdate()) if closed else None}
    return {}


def _check(row: Any) -> None:
    for name in ("contact", "goal", "contract"):
        related = getattr(row, name, None)
        if related is not None and related.account_id != row.account_id:
            raise InvalidInput("other_account", gettext_noop("This belongs to another account."), field=name)
    if isinstance(row, Promise) and row.due_on < row.promised_on:
        raise InvalidInput(
            "due_before_promise", gettext_noop("A promise is due after it was given."), field="due_on"
        )
    if check := OWN_CHECKS.get(type(row)):
        check(row)
    _check_amounts(row)
    year = getattr(row, "year", 2000)
    if not 1900 <= year <= 2199:
        raise InvalidInput("bad_year", gettext_noop("The year lies between 1900 and 2199."), field="year")


def _check_amounts(row: Any) -> None:
    for name in ("planned_revenue", "wallet", "other_cost", "amount", "value"):
        value = getattr(row, name, None)
        if value is not None and value < 0:
            raise InvalidInput("negative", gettext_noop("The amount cannot be negative."), field=name)
        if value is not None and value > LARGEST_AMOUNT:
            raise InvalidInput(
                "too_large", gettext_noop("The amount is larger than ten trillion."), field=name
            )


def _check_contract(row: Contract) -> None:
    if row.end_on < row.start_on:
        raise InvalidInput("ends_before", gettext_noop("A contract ends after it has begun."), field="end_on")
    if row.notice_days > MOST_NOTICE_DAYS:
        raise InvalidInput(
            "long_notice", gettext_noop("The notice is given in days: 1826 at most."), field="notice_days"
        )
    if row.renews_by is not None and not 1 <= row.renews_by <= MOST_MONTHS:
        raise InvalidInput(
            "bad_renewal",
            gettext_noop("A contract renews itself by 1 to 120 months, or not at all."),
            field="renews_by",
        )


def _check_period(row: AccountPeriod) -> None:
    """Raise InvalidInput for a period without days and for one that shares days with another of the account."""
    if row.end_on < row.start_on:
        message = gettext_noop("The last day of a period is not before its first.")
        raise InvalidInput("period_empty", message, field="end_on")
    others = AccountPeriod.objects.filter(account_id=row.account_id).exclude(pk=row.pk)
    met = others.filter(start_on__lte=row.end_on, end_on__gte=row.start_on).order_by("start_on").first()
    if met is not None:
        message = gettext_noop(
            "“%(name)s” covers %(start)s to %(end)s already. Two periods of an account share no day."
        )
        days = {"start": met.start_on.isoformat(), "end": met.end_on.isoformat()}
        raise InvalidInput("periods_overlap", message, {"name": met.name} | days, "start_on")


OWN_CHECKS: dict[type, Callable[[Any], None]] = {Contract: _check_contract, AccountPeriod: _check_period}
