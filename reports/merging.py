"""What a merge of two accounts does with reports and their schedules."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from accounts.merging.record import MergeRecord
from accounts.merging.rules import Case, MergeRule, Relation, register
from reports.models import ReportSchedule


def scheduled_twice(case: Case, relation: Relation) -> QuerySet[Any]:
    """Return schedules that would bring the same report of the same account once more."""
    rivals = relation.of(case.target).filter(
        is_active=True,
        template=OuterRef("template"),
        language=OuterRef("language"),
        rhythm=OuterRef("rhythm"),
    )
    return relation.of(case.source).filter(Exists(rivals), is_active=True)


def pause(case: Case, schedule: Any, record: MergeRecord) -> None:
    """Pause it, and let its recipients get the one that goes on."""
    same = {name: getattr(schedule, name) for name in ("template", "language", "rhythm")}
    rival = ReportSchedule.objects.filter(account=case.target, is_active=True, **same).order_by("pk")[0]
    through: Any = ReportSchedule.recipients.through
    standing = set(rival.recipients.values_list("pk", flat=True))
    for person in schedule.recipients.exclude(pk__in=standing).order_by("pk"):
        record.make(through(reportschedule_id=rival.pk, user_id=person.pk))
    record.change(schedule, is_active=False)


register(
    reports__report__account=MergeRule(),
    reports__reportschedule__account=MergeRule(
        words=gettext_noop("A report scheduled for both goes on once, to the recipients of both."),
        collides=scheduled_twice,
        settle=pause,
    ),
)
