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

    def built(self) -> "ReportQuerySet":
        return self.filter(built_at__isnull=False)

    def for_list(self) -> "ReportQuerySet":
        """Everything but the snapshots, which may be large."""
        return self.select_related("account", "job", "created_by").defer("snapshot")

    def for_detail(self) -> "ReportQuerySet":
        return self.select_related("account", "job", "created_by", "previous", "approved_by")
