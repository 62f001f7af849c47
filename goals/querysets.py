"""Named reads of plans, goals, metrics and measurements."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.querysets import OfAccountQuerySet
from kam.lib.text import fold, spellings

IDLE_DAYS = 30
# Less than this part of the same months a year earlier is a loss of revenue; smaller moves are noise.
LOSS_BELOW = Decimal("0.9")


def _by_words(found: Any, text: str) -> Any:
    """Every word must stand in the title or in the account's names, with umlauts spelt either way."""
    for word in text.split():
        found = found.filter(_spelt("title", word) | Q(account__search_text__contains=fold(word).strip()))
    return found


def _spelt(column: str, word: str) -> Q:
    ways = Q()
    for spelling in spellings(word):
        ways |= Q(**{f"{column}__icontains": spelling})
    return ways


class OfPlanQuerySet(OfAccountQuerySet):
    def of(self, account: Any) -> "OfPlanQuerySet":
        return self.filter(account=account)


class PlanQuerySet(OfPlanQuerySet):
    pass


class GoalQuerySet(OfAccountQuerySet):
    def open(self) -> "GoalQuerySet":
        return self.filter(closed_at__isnull=True)

    def overdue(self, today: date) -> "GoalQuerySet":
        return self.open().filter(due_on__lt=today)

    def idle(self) -> "GoalQuerySet":
        """Open goals that nobody has done anything for in 30 days."""
        return self.open().filter(worked_at__lt=timezone.now() - timedelta(days=IDLE_DAYS))

    def search(self, text: str) -> "GoalQuerySet":
        return _by_words(self, text)

    def with_status(self, today: date) -> "GoalQuerySet":
        """Load what ``goals.status.goal_status`` needs, in two queries for any number of goals."""
        measured = self.model._meta.get_field("metric").related_model._meta.get_field("measurements")
        latest = measured.related_model.objects.filter(
            metric=OuterRef("metric"), measured_on__lte=today
        ).order_by("-measured_on")
        return (
            self.select_related("metric")
            .annotate(
                current_value=Subquery(latest.values("value")[:1]),
                current_on=Subquery(latest.values("measured_on")[:1]),
            )
            .prefetch_related("milestones")
        )

    def with_status_now(self) -> "GoalQuerySet":
        return self.with_status(timezone.localdate())

    def with_people(self) -> "GoalQuerySet":
        return self.select_related("account", "owner", "metric")

    def with_account(self) -> "GoalQuerySet":
        return self.select_related("account")

    def with_owner(self) -> "GoalQuerySet":
        return self.select_related("owner")

    def for_list(self, today: date) -> "GoalQuerySet":
        return self.with_people().with_status(today)


class MilestoneQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "MilestoneQuerySet":
        goals = self.model._meta.get_field("goal").related_model
        return self.filter(goal__in=goals.objects.visible_to(user).order_by().values("pk"))


class MetricQuerySet(OfAccountQuerySet):
    def computed(self) -> "MetricQuerySet":
        return self.exclude(fact="")

    def with_latest(self, today: date) -> "MetricQuerySet":
        """Add the latest value up to the day, its day and its source."""
        measured = self.model._meta.get_field("measurements").related_model
        latest = measured.objects.filter(metric=OuterRef("pk"), measured_on__lte=today).order_by(
            "-measured_on"
        )
        return self.annotate(
            latest_value=Subquery(latest.values("value")[:1]),
            latest_on=Subquery(latest.values("measured_on")[:1]),
            latest_source=Subquery(latest.values("source")[:1]),
        )

    def banded(self) -> "MetricQuerySet":
        """Those that are to stay in a band."""
        return self.filter(Q(band_low__isnull=False) | Q(band_high__isnull=False))

    def delivered(self) -> "MetricQuerySet":
        """Those whose values people or programs bring."""
        return self.filter(fact="")


class MeasurementQuerySet(models.QuerySet[Any]):
    def until(self, day: date) -> "MeasurementQuerySet":
        return self.filter(measured_on__lte=day)


class HealthQuerySet(OfAccountQuerySet):
    def judged(self) -> "HealthQuerySet":
        """Those with revenue to lose whose three months after are over."""
        return self.filter(revenue_before__gt=0, revenue_after__isnull=False)

    @staticmethod
    def loss() -> Q:
        """The condition that an account lost revenue in the three months after."""
        return Q(revenue_before__gt=0, revenue_after__lt=F("revenue_before") * LOSS_BELOW)

    def with_people(self) -> "HealthQuerySet":
        return self.select_related("account", "account__kam", "account__owner")


class PromiseQuerySet(OfPlanQuerySet):
    def open(self) -> "PromiseQuerySet":
        return self.filter(state="open")

    def overdue(self, today: date) -> "PromiseQuerySet":
        return self.open().filter(due_on__lt=today)

    def with_people(self) -> "PromiseQuerySet":
        return self.select_related("contact", "owner", "account")


class ContractQuerySet(OfPlanQuerySet):
    def running(self, today: date) -> "ContractQuerySet":
        """Those that have not ended, or would have renewed themselves before the nightly round came."""
        renewing = Q(renews_by__gt=0, cancelled_on__isnull=True)
        return self.filter(Q(end_on__gte=today) | renewing)

    def ending_until(self, day: date) -> "ContractQuerySet":
        return self.filter(end_on__lte=day)

    def search(self, text: str) -> "ContractQuerySet":
        return _by_words(self, text)

    def with_rows(self) -> "ContractQuerySet":
        return self.select_related("account", "offering")


class OpportunityQuerySet(OfPlanQuerySet):
    def open(self) -> "OpportunityQuerySet":
        return self.filter(closed_on__isnull=True)

    def late(self, today: date) -> "OpportunityQuerySet":
        """Open ones whose expected day has passed."""
        return self.open().filter(expected_on__lt=today)

    def search(self, text: str) -> "OpportunityQuerySet":
        return _by_words(self, text)

    def with_rows(self) -> "OpportunityQuerySet":
        return self.select_related("account", "offering", "owner")


class PlaybookQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "PlaybookQuerySet":
        """Playbooks are the company's: whoever signs in may read them."""
        return self if user.is_authenticated and user.is_active else self.none()

    def current(self) -> "PlaybookQuerySet":
        return self.filter(archived_at__isnull=True)

    def retired(self) -> "PlaybookQuerySet":
        return self.filter(archived_at__isnull=False)

    def with_uses(self) -> "PlaybookQuerySet":
        """Add how many accounts it is running for, whoever looks: a number names nobody."""
        return self.annotate(uses=Count("runs", filter=Q(runs__ended_at__isnull=True)))

    def with_steps(self) -> "PlaybookQuerySet":
        return self.prefetch_related("steps")


class PlaybookRunQuerySet(OfPlanQuerySet):
    def running(self) -> "PlaybookRunQuerySet":
        return self.filter(ended_at__isnull=True)


class TableImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "TableImportQuerySet":
        """People see what they imported; leaders see every table."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.role == "leader" else self.filter(created_by=user)


class BetaProgrammeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "BetaProgrammeQuerySet":
        """Programmes are the company's: whoever signs in may read them; who takes part follows the account."""
        return self if user.is_authenticated and user.is_active else self.none()

    def search(self, text: str) -> "BetaProgrammeQuerySet":
        """Every word must stand in the name, with umlauts spelt either way."""
        found = self
        for word in text.split():
            found = found.filter(_spelt("name", word))
        return found

    def open(self, today: date) -> "BetaProgrammeQuerySet":
        """Not closed and not over."""
        return self.filter(closed_at__isnull=True, ends_on__gte=today)

    def with_rows(self) -> "BetaProgrammeQuerySet":
        return self.select_related("offering", "buys", "owner")

    def with_counts(self) -> "BetaProgrammeQuerySet":
        """Add how many take or took part and how many have not answered, whoever looks: places are places."""
        taking = Count("participations", filter=Q(participations__state__in=["accepted", "finished"]))
        asked = Count("participations", filter=Q(participations__state="invited"))
        return self.annotate(taking=taking, asked=asked)


class ParticipationQuerySet(OfPlanQuerySet):
    def unanswered(self, since: date) -> "ParticipationQuerySet":
        """Invited on the day or before and still without an answer."""
        return self.filter(state="invited", invited_on__lte=since)

    def silent(self, since: date) -> "ParticipationQuerySet":
        """Taking part since the day or before, without feedback since then."""
        heard = Exists(
            self.model._meta.get_field("feedback").related_model.objects.filter(
                participation=OuterRef("pk"), given_on__gt=since
            )
        )
        return self.filter(~heard, state="accepted", consent_on__lte=since)

    def with_rows(self) -> "ParticipationQuerySet":
        return self.select_related("account", "programme", "programme__owner")


class FeedbackQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "FeedbackQuerySet":
        rows = self.model._meta.get_field("participation").related_model
        return self.filter(participation__in=rows.objects.visible_to(user).order_by().values("pk"))
