"""Next steps: create, change, complete and take back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from accounts.models import Account, Activity, Task
from accounts.tidy import tidy_values
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import check_version, save_changes
from kam.users.models import User

EDITABLE = ("title", "due_on", "assignee", "reason", "done_when")


@transaction.atomic
def create_task(account: Account, *, values: dict[str, Any], by: User | None, key: str | None = None) -> Task:
    """Plan a next step. ``key`` names what raised it: an open task with that key is returned instead."""
    if key is not None and (standing := Task.objects.open().filter(key=key).first()):
        return standing
    clean = _clean(values)
    task = Task(account=account, key=key, **clean)
    if not task.title:
        raise InvalidInput("no_title", gettext_noop("Say what is to be done."), field="title")
    task.save(force_insert=True)
    record("task.created", by=by, account=account, subject=task, after=clean)
    return task


@transaction.atomic
def update_task(
    task: Task, *, values: dict[str, Any], by: User | None, expected_version: int | None = None
) -> Task:
    """Change title, date, person or reason of a task. Raises Conflict on another version."""
    check_version(task, expected_version)
    clean = _clean(values)
    changed = differences(task, clean)
    if not changed:
        return task
    new = {name: clean[name] for name in changed["after"]}
    save_changes(task, new, expected_version=expected_version)
    record("task.updated", by=by, account=task.account, subject=task, **changed)
    return task


@transaction.atomic
def complete_task(task: Task, *, by: User, expected_version: int | None = None) -> Task:
    """Tick a task off; a task that is done stays as it is. The timeline keeps what had to be true for it."""
    # The measuring may be closing it at the same moment.
    task.refresh_from_db(from_queryset=Task.objects.select_for_update())
    check_version(task, expected_version)
    if task.done_at is None:
        save_changes(task, {"done_at": timezone.now(), "done_by": by}, expected_version=None)
        told = {"done_when": task.done_when} if task.done_when else {}
        record("task.completed", by=by, account=task.account, subject=task, **told)
    return task


@transaction.atomic
def reopen_task(task: Task, *, by: User, expected_version: int | None = None) -> Task:
    """Take a completion back (undo)."""
    check_version(task, expected_version)
    if task.done_at is None:
        return task
    try:
        with transaction.atomic():
            save_changes(task, {"done_at": None, "done_by": None}, expected_version=None)
    except IntegrityError as error:
        raise DomainError(
            "same_task_open", gettext_noop("The same task has been opened again meanwhile.")
        ) from error
    record("task.reopened", by=by, account=task.account, subject=task)
    return task


@transaction.atomic
def settle_task(task: Task, *, because: str) -> Task:
    """Close a task that a job planned and whose reason is gone; nobody did it. It can be reopened.

    ``because`` names the sentence of the timeline. Raises Conflict when somebody changed it meanwhile.
    """
    save_changes(task, {"done_at": timezone.now(), "done_by": None}, expected_version=task.version)
    record(f"task.settled_{because}", by=None, account=task.account, subject=task)
    return task


def keep_task(task: Task) -> None:
    """Say once since its last change that a task stays open although its reason is gone: somebody made it hers."""
    verb, pk = "task.reason_gone", str(task.pk)
    said = Activity.objects.filter(
        account=task.account, verb=verb, subject_id=pk, created_at__gte=task.updated_at
    )
    if not said.exists():
        record(verb, by=None, account=task.account, subject=task)


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )
    clean = tidy_values(Task, values)
    assignee = clean.get("assignee")
    if assignee is not None and not assignee.is_active:
        raise InvalidInput(
            "inactive_colleague", gettext_noop("%(name)s is not active."), {"name": str(assignee)}, "assignee"
        )
    return clean
