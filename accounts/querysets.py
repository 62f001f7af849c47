"""Named reads of accounts and what belongs to them. Every read for a person starts at ``visible_to``."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from kam.lib.text import fold


def _is_known(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)


class AccountQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "AccountQuerySet":
        """Leaders and viewers see all; others what they own, are on the team of, or their team holds."""
        if not _is_known(user):
            return self.none()
        if user.sees_everything:
            return self
        on_team = (
            self.model._meta.get_field("team_members")
            .related_model.objects.filter(user=user)
            .values("account")
        )
        teams = user.teams.through.objects.filter(user=user).values("team")
        return self.filter(Q(owner=user) | Q(kam=user) | Q(pk__in=on_team) | Q(team__in=teams))

    def key(self) -> "AccountQuerySet":
        return self.filter(key_since__isnull=False)

    def active(self) -> "AccountQuerySet":
        return self.exclude(status="inactive")

    def search(self, text: str) -> "AccountQuerySet":
        """Every word must stand in the folded names, domain, city or external ids."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def with_people(self) -> "AccountQuerySet":
        return self.select_related("owner", "kam", "team")


class OfAccountQuerySet(models.QuerySet[Any]):
    """Rows that belong to an account and are seen by whoever sees the account."""

    def visible_to(self, user: Any) -> "OfAccountQuerySet":
        if not _is_known(user):
            return self.none()
        if user.sees_everything:
            return self
        accounts = self.model._meta.get_field("account").related_model
        return self.filter(account__in=accounts.objects.visible_to(user).values("pk"))


class ContactQuerySet(OfAccountQuerySet):
    def current(self) -> "ContactQuerySet":
        return self.filter(left_on__isnull=True)

    def with_addresses(self) -> "ContactQuerySet":
        return self.prefetch_related("emails", "phones")


class ActivityQuerySet(OfAccountQuerySet):
    def for_timeline(self) -> "ActivityQuerySet":
        return self.select_related("actor", "contact")


class TaskQuerySet(OfAccountQuerySet):
    def open(self) -> "TaskQuerySet":
        return self.filter(done_at__isnull=True)

    def overdue(self, today: date) -> "TaskQuerySet":
        return self.open().filter(due_on__lt=today)


class SalesLineQuerySet(OfAccountQuerySet):
    def gross(self) -> "SalesLineQuerySet":
        """Positive sales only."""
        return self.filter(amount__gt=0)

    def between(self, start: date | None, end: date | None) -> "SalesLineQuerySet":
        """Half open: from ``start`` up to, not including, ``end``."""
        found = self
        if start:
            found = found.filter(ordered_on__gte=start)
        if end:
            found = found.filter(ordered_on__lt=end)
        return found


class OfferingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OfferingQuerySet":
        return self if _is_known(user) else self.none()

    def groups(self) -> "OfferingQuerySet":
        return self.filter(parent__isnull=True)
