"""Making two accounts one, and taking them apart again."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.references import further_words
from accounts.actions.timeline import record
from accounts.actions.tree import lock_tops, refresh_tops_of
from accounts.merging.fields import field_choices, new_values
from accounts.merging.preview import allowed, refuse
from accounts.merging.record import MergeRecord, every
from accounts.merging.rules import Case, relations, rule_of
from accounts.merging.undo import MergeUndo
from accounts.models import Account, AccountMerge, AccountTeamMember, SalesLine
from accounts.rollup import refresh_rollups
from kam.integrations.jobs import enqueue
from kam.lib.errors import DomainError
from kam.users.models import AccountFunction, User

MERGE, UNDO = "accounts.merge", "accounts.merge_undo"
# What a request does within a second or two; the lines of a larger account move in a job.
LINES_AT_ONCE = 20_000


@transaction.atomic
def merge_accounts(
    target: Account, source: Account, *, by: User, fields: Mapping[str, str] | None = None
) -> AccountMerge:
    """Merge ``source`` into ``target``: at once, or as a job when its sales lines are many.

    ``fields`` names whose value wins ("target" or "source") where it is not the one of the account that stays.
    Raises DomainError where the two cannot be merged, InvalidInput for a field that does not exist.
    """
    _lock(target, source)
    refuse(target, source, by=by)
    chosen = allowed(fields or {}, by)
    field_choices(target, source, chosen)
    AccountMerge.objects.filter(_given_up(), source=source.pk).delete()
    try:
        with transaction.atomic():
            merge = AccountMerge.objects.create(target=target, source=source, fields=chosen, created_by=by)
    except IntegrityError as error:
        raise DomainError(
            "merging", gettext_noop("“%(name)s” is being merged already."), {"name": source.display_name}
        ) from error
    return _now_or_later(merge, MERGE, by=by)


@transaction.atomic
def carry_out_merge(merge: AccountMerge) -> AccountMerge:
    """Do what was ordered, in one transaction: whoever looks sees two accounts or one. Twice is once."""
    merge = AccountMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.state != AccountMerge.State.QUEUED:
        return merge
    target, source, by = merge.target, merge.source, merge.created_by
    _lock(target, source)
    refuse(target, source, by=by)
    case, written = Case(target, source, timezone.localdate()), MergeRecord(merge)
    _take_over_fields(case, merge.fields, written)
    _keep_colleagues(case, written)
    counts = _move_rows(case, written)
    written.change(source, merged_into_id=target.pk, parent_id=None, ultimate_parent_id=None)
    refresh_tops_of([target.pk])
    refresh_rollups([target.pk, source.pk])
    _refresh_words(target)
    moved = {key: numbers[0] for key, numbers in counts.items() if numbers[0]}
    record("account.merged", by=by, account=target, subject=source, merge=merge.pk, moved=moved)
    written.save(counts)
    return merge


@transaction.atomic
def undo_merge(merge: AccountMerge, *, by: User) -> AccountMerge:
    """Take two accounts apart again: at once, or as a job. Raises DomainError where that is not possible."""
    merge = AccountMerge.objects.select_for_update().get(pk=merge.pk)
    refuse_undo(merge)
    merge.state, merge.undone_by = AccountMerge.State.UNDOING, by
    merge.save(update_fields=["state", "undone_by", "updated_at"])
    return _now_or_later(merge, UNDO, by=by)


@transaction.atomic
def carry_out_undo(merge: AccountMerge) -> AccountMerge:
    """Give everything back that is still as the merge left it; ``kept`` says what is not. Twice is once."""
    merge = AccountMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.state != AccountMerge.State.UNDOING:
        return merge
    target, source = merge.target, merge.source
    _lock(target, source)
    merge.kept = MergeUndo(merge).take_apart()
    merge.state, merge.undone_at = AccountMerge.State.UNDONE, timezone.now()
    merge.save(update_fields=["kept", "state", "undone_at", "updated_at"])
    refresh_tops_of([target.pk, source.pk])
    refresh_rollups([target.pk, source.pk])
    for account in (target, source):
        account.refresh_from_db()
        _refresh_words(account)
        other = source if account == target else target
        record("account.merge_undone", by=merge.undone_by, account=account, subject=other, merge=merge.pk)
    return merge


def refuse_undo(merge: AccountMerge) -> None:
    """Raise DomainError where two accounts can no longer be taken apart."""
    if merge.state == AccountMerge.State.UNDONE:
        raise DomainError("undone_already", gettext_noop("The two have been taken apart already."))
    if merge.state != AccountMerge.State.MERGED and not _is_given_up(merge):
        raise DomainError(
            "merging", gettext_noop("This merge is being worked on. Wait until it has finished.")
        )
    if merge.merged_at is None:
        raise DomainError("not_merged", gettext_noop("The two have never become one."))
    if merge.target.merged_into_id is not None:
        raise DomainError(
            "merged_on",
            gettext_noop("“%(name)s” has been merged into another account since. Take that apart first."),
            {"name": merge.target.display_name},
        )


def _now_or_later(merge: AccountMerge, kind: str, *, by: User) -> AccountMerge:
    account = merge.source_id if kind == MERGE else merge.target_id
    lines = SalesLine.objects.filter(account=account)
    if len(lines.values_list("pk")[: LINES_AT_ONCE + 1]) <= LINES_AT_ONCE:
        return carry_out_merge(merge) if kind == MERGE else carry_out_undo(merge)
    merge.job = enqueue(kind, {"merge": str(merge.pk)}, by=by, key=f"{kind}:{merge.pk}")
    merge.save(update_fields=["job", "updated_at"])
    return merge


def _given_up() -> Q:
    """Merges whose job has ended without a result: they stand in nobody's way."""
    return Q(state=AccountMerge.State.QUEUED, job__state__in=("failed", "cancelled"))


def _is_given_up(merge: AccountMerge) -> bool:
    return merge.job is not None and merge.job.is_over


def _lock(target: Account, source: Account) -> None:
    """Lock both rows and the tops of their groups, in one order, and read them as they stand now."""
    lock_tops(target, source)
    list(every(Account).select_for_update(of=("self",)).filter(pk__in=[target.pk, source.pk]).order_by("pk"))
    target.refresh_from_db()
    source.refresh_from_db()


def _take_over_fields(case: Case, chosen: Mapping[str, str], written: MergeRecord) -> None:
    values = new_values(field_choices(case.target, case.source, chosen), case.target, case.source)
    if case.source.key_since and not case.target.key_since:
        values["key_since"] = case.source.key_since
    if values:
        written.change(case.target, **values)


def _keep_colleagues(case: Case, written: MergeRecord) -> None:
    """Put who looked after the merged account on the team: nobody loses sight of a customer by a merge."""
    target, source = case.target, case.source
    standing = {(member.user_id, member.function) for member in target.team_members.all()}
    standing |= {(member.user_id, member.function) for member in source.team_members.all()}
    for person, function in ((source.owner, AccountFunction.SALES), (source.kam, AccountFunction.KAM)):
        if person is None or person.pk in (target.owner_id, target.kam_id):
            continue
        if (person.pk, function) not in standing:
            written.make(AccountTeamMember(account=target, user=person, function=function))


def _move_rows(case: Case, written: MergeRecord) -> dict[str, list[int]]:
    counts: dict[str, list[int]] = {}
    for relation in relations():
        rule = rule_of(relation)
        if rule.how != "move":
            continue
        rows = list(rule.collides(case, relation).order_by("pk"))
        for row in rows:
            rule.settle(case, row, written)
        moved = written.move(relation.key, relation.of(case.source), relation.field, case.target)
        if moved or rows:
            counts[relation.key] = [moved, len(rows)]
    return counts


def _refresh_words(account: Account) -> None:
    """Write what search compares: names may be others now, and so may the external ids and the former names."""
    columns: dict[str, Any] = account.search_columns(further_words(account))
    every(Account).filter(pk=account.pk).update(**columns)
    account.refresh_from_db()
