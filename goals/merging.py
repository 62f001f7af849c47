"""What a merge of two accounts does with plans, goals, metrics and the pipeline."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

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
    renamed,
)
from goals.models import AccountYear, BetaFeedback, BetaParticipation, Plan

TEXTS = ("why", "how", "what", "purpose_ours", "purpose_customer")
FIGURES = ("planned_revenue", "wallet", "wallet_source", "other_cost")
BOTH_NAMES = gettext_noop(
    "Where both have one of the same name, the other account's carries its name in brackets."
)
ONE_COUNTS = gettext_noop(
    "Where both have one, that of the account that stays counts; what is empty there is filled."
)


def keep_one_plan(case: Case, plan: Any, record: MergeRecord) -> None:
    """Keep the plan of the account that stays, fill its empty texts, and put the other one on record."""
    _fill(Plan.objects.get(account=case.target), plan, TEXTS, record)
    record.set_aside(plan)


def keep_one_year(case: Case, year: Any, record: MergeRecord) -> None:
    _fill(AccountYear.objects.get(account=case.target, year=year.year), year, FIGURES, record)
    record.set_aside(year)


def keep_one_participation(case: Case, participation: Any, record: MergeRecord) -> None:
    """Keep what the account that stays agreed to; what the other one said about the product is not lost."""
    standing = BetaParticipation.objects.get(account=case.target, programme=participation.programme_id)
    for feedback in BetaFeedback.objects.filter(participation=participation).order_by("pk"):
        record.change(feedback, participation_id=standing.pk)
    record.set_aside(participation)


def end_run(case: Case, run: Any, record: MergeRecord) -> None:
    """End the second run of a playbook; its tasks go on."""
    record.change(run, ended_at=timezone.now())


def overlapping(case: Case, relation: Relation) -> QuerySet[Any]:
    """Return periods that share a name or a day with one of the account that stays."""
    rivals = relation.of(case.target).filter(
        start_on__lte=OuterRef("end_on"), end_on__gte=OuterRef("start_on")
    )
    return relation.of(case.source).filter(
        Q(Exists(rivals)) | Q(pk__in=colliding(case, relation).values("pk"))
    )


def all_months(case: Case, relation: Relation) -> QuerySet[Any]:
    """Return every month: the nightly round would hold them against revenue that has moved away."""
    return relation.of(case.source)


def _fill(standing: Any, other: Any, names: tuple[str, ...], record: MergeRecord) -> None:
    empty = {name: getattr(other, name) for name in names if getattr(standing, name) in ("", None)}
    filled = {name: value for name, value in empty.items() if value not in ("", None)}
    if filled:
        record.change(standing, **filled)


register(
    goals__plan__account=MergeRule(words=ONE_COUNTS, settle=keep_one_plan),
    goals__goal__account=MergeRule(words=BY_HAND, collides=named_after_account, settle=rekeyed("closed_at")),
    goals__metric__account=MergeRule(words=BOTH_NAMES, settle=renamed("name", 120)),
    goals__healthmonth__account=MergeRule(
        words=gettext_noop("Kept with the merge: the months of the account that stays count."),
        collides=all_months,
    ),
    goals__expectation__account=MergeRule(),
    goals__promise__account=MergeRule(),
    goals__procedure__account=MergeRule(),
    goals__jointproject__account=MergeRule(),
    goals__challenge__account=MergeRule(),
    goals__valueentry__account=MergeRule(),
    goals__accountyear__account=MergeRule(words=ONE_COUNTS, settle=keep_one_year),
    goals__accountperiod__account=MergeRule(
        words=gettext_noop("A period that shares a name or a day with one there is kept with the merge."),
        collides=overlapping,
    ),
    goals__contract__account=MergeRule(words=BOTH_NAMES, settle=renamed("title", 200)),
    goals__opportunity__account=MergeRule(
        words=BY_HAND, collides=named_after_account, settle=rekeyed("closed_on")
    ),
    goals__playbookrun__account=MergeRule(
        words=gettext_noop("A playbook running for both goes on once; the tasks of both stay."),
        settle=end_run,
    ),
    goals__betaparticipation__account=MergeRule(
        words=gettext_noop("The participation of the account that stays counts; feedback of both is kept."),
        settle=keep_one_participation,
    ),
)
