"""Named reads of criteria, models, ratings, runs and decisions."""

from typing import Any

from django.db import models

from accounts.querysets import OfAccountQuerySet


class SharedQuerySet(models.QuerySet[Any]):
    """The method is the company's: whoever signs in may read it."""

    def visible_to(self, user: Any) -> "SharedQuerySet":
        return self if user.is_authenticated and user.is_active else self.none()


class CriterionQuerySet(SharedQuerySet):
    def current(self) -> "CriterionQuerySet":
        return self.filter(archived_at__isnull=True)


class ScoringModelQuerySet(SharedQuerySet):
    def active(self) -> "ScoringModelQuerySet":
        return self.filter(state="active")


class RatingQuerySet(OfAccountQuerySet):
    def submitted(self) -> "RatingQuerySet":
        return self.filter(submitted_at__isnull=False)


class ScoreRunQuerySet(SharedQuerySet):
    def finished(self) -> "ScoreRunQuerySet":
        return self.filter(finished_at__isnull=False)


class ScoreQuerySet(OfAccountQuerySet):
    def ranked(self) -> "ScoreQuerySet":
        return self.order_by("position")


class DecisionQuerySet(OfAccountQuerySet):
    def waiting(self) -> "DecisionQuerySet":
        return self.filter(state="proposed")
