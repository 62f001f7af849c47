"""Named reads of plans, goals, metrics and measurements."""

from datetime import date
from typing import Any

from django.db import models

from accounts.querysets import OfAccountQuerySet


class PlanQuerySet(OfAccountQuerySet):
    pass


class GoalQuerySet(OfAccountQuerySet):
    def open(self) -> "GoalQuerySet":
        return self.filter(closed_at__isnull=True)

    def overdue(self, today: date) -> "GoalQuerySet":
        return self.open().filter(due_on__lt=today)


class MetricQuerySet(OfAccountQuerySet):
    def computed(self) -> "MetricQuerySet":
        return self.exclude(fact="")


class MeasurementQuerySet(models.QuerySet[Any]):
    def until(self, day: date) -> "MeasurementQuerySet":
        return self.filter(measured_on__lte=day)
