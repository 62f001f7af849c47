"""Named reads of jobs, keys and import batches."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q


class JobQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "JobQuerySet":
        """Leaders and viewers see every job, others those they started."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.sees_everything else self.filter(created_by=user)

    def cancellable_by(self, user: Any) -> "JobQuerySet":
        """Who started a job may stop it, and so may leaders; viewers only look."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.role == "leader" else self.filter(created_by=user)

    def claimable(self, now: datetime) -> "JobQuerySet":
        """Queued and due, or running under a lease that nobody prolongs any more."""
        return self.filter(Q(state="queued", run_at__lte=now) | Q(state="running", lease_until__lt=now))

    def active(self) -> "JobQuerySet":
        return self.filter(state__in=["queued", "running"])


class ApiKeyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ApiKeyQuerySet":
        """People see their own keys; leaders see all of them, to revoke."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.role == "leader" else self.filter(owner=user)


class ImportBatchQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ImportBatchQuerySet":
        """An import shows other people's accounts, so only leaders and whoever uploaded it see it."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.role == "leader" else self.filter(created_by=user)

    def committed(self) -> "ImportBatchQuerySet":
        return self.filter(state="committed")
