"""What a merge would do, said before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop

from accounts.actions.tree import ancestors
from accounts.merging.fields import FieldChoice, field_choices
from accounts.merging.record import every
from accounts.merging.rules import Case, Relation, relations, rule_of
from accounts.models import Account, Distinction
from accounts.permissions import can_assign, can_decide
from kam.integrations.models import ImportBatch
from kam.lib.errors import DomainError
from kam.users.models import User

ASSIGNED = ("owner", "kam", "team")
# Counted elsewhere, or no thing that people know: the group, derived rows, the record of merges itself.
UNCOUNTED = {
    "accounts.account.ultimate_parent",
    "accounts.account.merged_into",
    "accounts.accountmerge.target",
    "accounts.accountmerge.source",
    "accounts.accountmonth.account",
    # Stands from either side; counted once.
    "accounts.distinction.other",
}
NAMES = {
    "accounts.account.parent": gettext_noop("Subsidiaries"),
    "accounts.accountreference.account": gettext_noop("External ids"),
    "accounts.salesorder.account": gettext_noop("Orders"),
    "scoring.blindlist_accounts.account": gettext_noop("Blind lists"),
}
BUSY = (ImportBatch.State.COMMITTING, ImportBatch.State.UNDOING)


@dataclass(frozen=True)
class CountRow:
    """Rows of one kind on both sides; ``collide`` of the merged account's have their like on the other."""

    key: str
    label: str
    target: int
    source: int
    collide: int
    words: str
    how: str


@dataclass(frozen=True)
class Preview:
    """The result before it exists: fields, rows, what collides, what to think about."""

    target: Account
    source: Account
    fields: list[FieldChoice]
    counts: list[CountRow]
    warnings: list[str]
    refusal: DomainError | None


def preview(target: Account, source: Account, *, by: User, chosen: Mapping[str, str]) -> Preview:
    """Return what a merge would do, in a number of queries that does not grow with the accounts."""
    case = Case(target, source, timezone.localdate())
    counts = [_count(case, relation) for relation in relations() if relation.key not in UNCOUNTED]
    try:
        refuse(target, source, by=by)
        refusal = None
    except DomainError as error:
        refusal = error
    return Preview(
        target=target,
        source=source,
        fields=field_choices(target, source, allowed(chosen, by)),
        counts=[row for row in counts if row.target or row.source],
        warnings=_warnings(case, counts),
        refusal=refusal,
    )


def refuse(target: Account, source: Account, *, by: User | None) -> None:
    """Raise DomainError where the two cannot be merged, or not by this person."""
    if target.pk == source.pk:
        raise DomainError("same_account", gettext_noop("An account cannot be merged with itself."))
    for account in (target, source):
        if account.merged_into_id is not None:
            raise DomainError(
                "merged_already",
                gettext_noop("“%(name)s” has been merged into another account already."),
                {"name": account.display_name},
            )
    if by is not None and source.is_key and not can_decide(by):
        raise DomainError(
            "key_account",
            gettext_noop("“%(name)s” is a key account by decision. Only a leader can merge it into another."),
            {"name": source.display_name},
        )
    if ImportBatch.objects.filter(state__in=BUSY).exists():
        raise DomainError(
            "import_running", gettext_noop("An import is writing right now. Merge when it has finished.")
        )


def allowed(chosen: Mapping[str, str], by: User | None) -> dict[str, str]:
    """Return the choices without those about people, where somebody may not say who looks after an account."""
    held = () if by is None or can_assign(by) else ASSIGNED
    return {**chosen, **dict.fromkeys(held, "target")}


def _count(case: Case, relation: Relation) -> CountRow:
    rule = rule_of(relation)
    both = every(relation.model).filter(**{f"{relation.field}__in": [case.target.pk, case.source.pk]})
    counted = both.order_by().values_list(relation.field).annotate(count=Count("pk"))
    numbers: dict[Any, int] = dict(counted)
    here, there = numbers.get(case.target.pk, 0), numbers.get(case.source.pk, 0)
    collide = rule.collides(case, relation).count() if there and rule.how == "move" else 0
    label = gettext(NAMES.get(relation.key, "")) if relation.key in NAMES else ""
    return CountRow(
        key=relation.key,
        label=label or capfirst(str(relation.model._meta.verbose_name_plural)),
        target=here,
        source=there,
        collide=collide,
        words=gettext(rule.words) if rule.words else "",
        how=rule.how,
    )


def _warnings(case: Case, counts: list[CountRow]) -> list[str]:
    target, source = case.target, case.source
    names: dict[str, Any] = {"target": target.display_name, "source": source.display_name}
    found = []
    if target.is_key and source.is_key:
        found.append(gettext_noop("Both are key accounts: the decision about “%(source)s” ends today."))
    elif source.is_key:
        found.append(gettext_noop("“%(target)s” becomes a key account by the decision about “%(source)s”."))
    if any(row.key == "goals.plan.account" and row.collide for row in counts):
        found.append(gettext_noop("Both have a plan: the one of “%(source)s” is kept with the merge."))
    if source.pk in ancestors(target):
        found.append(
            gettext_noop("“%(source)s” stands above “%(target)s”, which takes its place in the group.")
        )
    elif target.pk in ancestors(source):
        found.append(gettext_noop("“%(source)s” stands below “%(target)s”; its subsidiaries move up."))
    if target.currency != source.currency:
        found.append(gettext_noop("The two have different currencies; amounts stay as they were converted."))
    return [gettext(text) % names for text in [*found, *_doubts(target, source)]]


def _doubts(target: Account, source: Account) -> list[str]:
    """Return what speaks for two companies."""
    found = []
    if Distinction.objects.filter(account=target, other=source).exists():
        found.append(gettext_noop("Somebody has said that the two are not the same company."))
    if target.vat_id and source.vat_id and target.vat_id != source.vat_id:
        found.append(gettext_noop("The two have different VAT ids. They may be two companies after all."))
    return found
