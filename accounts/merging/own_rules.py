"""The rules of this room's own tables."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from accounts.actions.tree import ancestors
from accounts.merging.record import MergeRecord
from accounts.merging.rules import (
    BY_HAND,
    Case,
    MergeRule,
    Relation,
    colliding,
    named_after_account,
    register,
    rekeyed,
)


def above_target(case: Case, relation: Relation) -> QuerySet[Any]:
    """Return the account that stays, where the other one stands above it: it takes that one's place."""
    below = relation.of(case.source)
    return below.filter(pk=case.target.pk) if case.source.pk in ancestors(case.target) else below.none()


def keep_place(case: Case, row: Any, record: MergeRecord) -> None:
    """Nothing to do here: the action gives the account that stays its new parent before anything moves."""


def told_apart_from_both(case: Case, relation: Relation) -> QuerySet[Any]:
    """Return pairs that stand for the account that stays as well, and the pair of the two themselves."""
    end = "other" if relation.field == "account" else "account"
    return colliding(case, relation) | relation.of(case.source).filter(**{end: case.target.pk})


APART = MergeRule(
    words=gettext_noop("Who was told apart from both stays so once; the two themselves are one now."),
    collides=told_apart_from_both,
)

register(
    accounts__account__parent=MergeRule(
        words=gettext_noop("The account that stays takes the place of the other one in the group."),
        collides=above_target,
        settle=keep_place,
    ),
    accounts__account__ultimate_parent=MergeRule("derived"),
    accounts__account__merged_into=MergeRule("stay"),
    accounts__accountmerge__target=MergeRule("stay"),
    accounts__accountmerge__source=MergeRule("stay"),
    accounts__distinction__account=APART,
    accounts__distinction__other=APART,
    accounts__accountteammember__account=MergeRule(
        words=gettext_noop("Who has the same function on both teams is listed once.")
    ),
    accounts__accountreference__account=MergeRule(),
    accounts__contact__account=MergeRule(),
    accounts__activity__account=MergeRule(),
    accounts__task__account=MergeRule(words=BY_HAND, collides=named_after_account, settle=rekeyed("done_at")),
    accounts__salesline__account=MergeRule(),
    accounts__salesorder__account=MergeRule("derived"),
    accounts__accountmonth__account=MergeRule("derived"),
)
