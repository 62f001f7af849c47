"""Playbooks: write them once, start them for an account as tasks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.next_steps import create_task
from accounts.actions.timeline import record
from accounts.models import Account
from accounts.tidy import tidy_text
from accounts.windows import check_day
from goals.models import Playbook, PlaybookRun, PlaybookStep
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import check_version, save_changes
from kam.users.models import AccountFunction, User

MOST_STEPS = 50
LATEST_DAY = 3650


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it is written: due so many days after the start."""

    title: str
    day_offset: int = 0
    function: str = AccountFunction.KAM
    exit_criterion: str = ""


@transaction.atomic
def save_playbook(
    playbook: Playbook | None,
    *,
    name: str,
    purpose: str,
    steps: list[Step],
    by: User | None,
    expected_version: int | None = None,
) -> Playbook:
    """Write a playbook with its steps in order of their days; runs that have begun keep their tasks.

    Raises InvalidInput for a name that is taken or steps that cannot be, and Conflict on another version.
    """
    clean = tidy_text(name)[:120]
    if not clean:
        raise InvalidInput("no_name", gettext_noop("Name the playbook."), field="name")
    _check_steps(steps)
    if playbook:
        check_version(playbook, expected_version)
    _check_name(clean, playbook)
    values = {"name": clean, "purpose": tidy_text(purpose, lines=True)}
    # Compare and set: writing it anew never brings back what a colleague retires at the same moment.
    row = (
        save_changes(playbook, values, expected_version=expected_version)
        if playbook
        else Playbook.objects.create(**values)
    )
    row.steps.all().delete()
    ordered = sorted(steps, key=lambda step: step.day_offset)
    PlaybookStep.objects.bulk_create(
        PlaybookStep(
            playbook=row,
            position=place,
            title=tidy_text(step.title)[:200],
            day_offset=step.day_offset,
            function=step.function,
            exit_criterion=tidy_text(step.exit_criterion)[:200],
        )
        for place, step in enumerate(ordered, start=1)
    )
    record("playbook.updated" if playbook else "playbook.created", by=by, subject=row, steps=len(steps))
    return row


@transaction.atomic
def retire_playbook(playbook: Playbook, *, by: User, expected_version: int | None = None) -> Playbook:
    """Offer a playbook no more; where it is running it goes on. Raises Conflict on another version."""
    playbook = Playbook.objects.select_for_update().get(pk=playbook.pk)
    check_version(playbook, expected_version)
    if playbook.archived_at is None:
        save_changes(playbook, {"archived_at": timezone.now()}, expected_version=None)
        record("playbook.retired", by=by, subject=playbook)
    return playbook


@transaction.atomic
def restore_playbook(playbook: Playbook, *, by: User, expected_version: int | None = None) -> Playbook:
    """Offer a retired playbook again. Raises Conflict on another version."""
    playbook = Playbook.objects.select_for_update().get(pk=playbook.pk)
    check_version(playbook, expected_version)
    if playbook.archived_at is not None:
        save_changes(playbook, {"archived_at": None}, expected_version=None)
        record("playbook.restored", by=by, subject=playbook)
    return playbook


@transaction.atomic
def start_playbook(playbook: Playbook, account: Account, *, on: date, by: User | None) -> PlaybookRun:
    """Make the playbook's steps tasks of an account, each for whoever has the function there.

    Raises DomainError while the same playbook is running for the account, and for one that is retired.
    """
    check_day(on, "started_on")
    playbook = Playbook.objects.select_for_update().get(pk=playbook.pk)
    if playbook.archived_at is not None:
        raise DomainError(
            "playbook_retired",
            gettext_noop("“%(name)s” is retired. Bring it back first."),
            {"name": playbook.name},
        )
    try:
        with transaction.atomic():
            run = PlaybookRun.objects.create(playbook=playbook, account=account, started_on=on, started_by=by)
    except IntegrityError as error:
        raise DomainError(
            "playbook_running", gettext_noop("This playbook is running here already.")
        ) from error
    people = _people(account)
    for step in playbook.steps.all():
        values: dict[str, Any] = {
            "title": step.title,
            "due_on": on + timedelta(days=step.day_offset),
            "assignee": people.get(step.function) or account.kam or account.owner,
            "reason": playbook.name,
            "done_when": step.exit_criterion,
        }
        if values["assignee"] is not None and not values["assignee"].is_active:
            values["assignee"] = None
        create_task(account, values=values, by=by, key=f"playbook:{run.pk}:{step.position}")
    record("playbook.started", by=by, account=account, subject=run, started_on=on)
    return run


@transaction.atomic
def end_playbook(run: PlaybookRun, *, by: User | None) -> PlaybookRun:
    """End a run; its tasks stay. Ended stays ended."""
    if run.ended_at is None:
        run.ended_at = timezone.now()
        run.save(update_fields=["ended_at", "updated_at"])
        record("playbook.ended", by=by, account=run.account, subject=run)
    return run


def _people(account: Account) -> dict[str, User]:
    members = account.team_members.select_related("user").order_by("-created_at")
    found = {member.function: member.user for member in members if member.user.is_active}
    if account.kam is not None:
        found[AccountFunction.KAM] = account.kam
    return found


def _check_name(name: str, playbook: Playbook | None) -> None:
    taken = Playbook.objects.filter(name=name).first()
    if taken is None or taken == playbook:
        return
    if taken.archived_at is None:
        raise InvalidInput("name_taken", gettext_noop("There is a playbook of that name."), field="name")
    raise InvalidInput(
        "name_taken",
        gettext_noop("A retired playbook has that name. Bring it back or choose another."),
        field="name",
    )


def _check_steps(steps: list[Step]) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise InvalidInput(
            "bad_steps", gettext_noop("A playbook has 1 to %(max)s steps."), {"max": MOST_STEPS}, "steps"
        )
    for step in steps:
        if not tidy_text(step.title):
            raise InvalidInput("no_title", gettext_noop("Say what is to be done."), field="steps")
        if not 0 <= step.day_offset <= LATEST_DAY or step.function not in AccountFunction.values:
            raise InvalidInput(
                "bad_step", gettext_noop("A step has a day from the start and a function."), field="steps"
            )
