"""Named reads of reports."""

from typing import Any

from django.db.models import Q

from accounts.models import Account
from accounts.querysets import OfAccountQuerySet


class ReportQuerySet(OfAccountQuerySet):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        """A report on one account follows the account; one on the portfolio is for those who see everything."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_everything:
            return self
        return self.filter(Q(account__in=Account.objects.visible_to(user).values("pk")))
