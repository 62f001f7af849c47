"""Named reads of people and teams."""

from typing import Any

from django.contrib.auth.models import BaseUserManager
from django.db import models


class UserQuerySet(models.QuerySet[Any]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, user: Any) -> "UserQuerySet":
        """Colleagues see each other's names: one installation serves one company."""
        return self if user.is_authenticated and user.is_active else self.none()

    def who_can_own_accounts(self) -> "UserQuerySet":
        return self.active().filter(role__in=["leader", "kam", "account_manager"])


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # the base is made at run time
    """Creates users by e-mail address; Django's commands and allauth call it."""

    use_in_migrations = False

    def create_user(self, email: str, password: str | None = None, **values: Any) -> Any:
        user = self.model(email=self.normalize_email(email).lower(), **values)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **values: Any) -> Any:
        return self.create_user(email, password, role="leader", is_superuser=True, **values)

    def get_by_natural_key(self, email: str | None) -> Any:
        return self.get(email__iexact=email)


class TeamQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "TeamQuerySet":
        return self if user.is_authenticated and user.is_active else self.none()
