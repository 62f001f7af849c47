"""Named reads of reports."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Count, F, Max, Q

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


class ReportScheduleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ReportScheduleQuerySet":
        """A schedule on one account follows the account; the portfolio's is for those who see everything."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_everything:
            return self
        return self.filter(account__in=Account.objects.visible_to(user).order_by().values("pk"))

    def due(self, today: date) -> "ReportScheduleQuerySet":
        """What is to be started on the day; the schedules of a deactivated account rest."""
        rest = Q(account__status="inactive")
        return self.filter(is_active=True, next_on__lte=today).exclude(rest).order_by("next_on", "pk")

    def for_list(self) -> "ReportScheduleQuerySet":
        return self.select_related("account", "created_by").prefetch_related("recipients")


class DeliveredReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "DeliveredReportQuerySet":
        """Who sees the schedule sees who got what of it."""
        schedules = (
            self.model._meta.get_field("delivery").related_model._meta.get_field("schedule").related_model
        )
        return self.filter(delivery__schedule__in=schedules.objects.visible_to(user).order_by().values("pk"))

    def in_doubt(self, since: datetime) -> "DeliveredReportQuerySet":
        """Those whose mail was being sent, before ``since``, and of which nobody knows whether it went out."""
        return self.filter(mailed_at__isnull=True, mail_claimed_at__lt=since)

    def with_people(self) -> "DeliveredReportQuerySet":
        return self.select_related("user", "delivery__report", "delivery__schedule__account")


class ShareLinkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ShareLinkQuerySet":
        """Who sees the report sees with whom it is shared."""
        reports = self.model._meta.get_field("report").related_model
        return self.filter(report__in=reports.objects.visible_to(user).order_by().values("pk"))

    def live(self, now: datetime) -> "ShareLinkQuerySet":
        """Links that open something: in time, not revoked, on an approved customer's report as it was approved.

        A deactivated account is nobody's customer any more: its links rest until it is active again.
        """
        return self.filter(
            revoked_at__isnull=True,
            expires_at__gt=now,
            report__audience="customer",
            report__built_at__isnull=False,
            report__approved_at__isnull=False,
            report__approved_digest=F("report__snapshot_digest"),
        ).exclude(report__account__status="inactive")

    def with_openings(self) -> "ShareLinkQuerySet":
        """Count what people opened, and when they did last; mail scanners and other programs do not count."""
        by_people = Q(openings__is_machine=False)
        return self.select_related("created_by").annotate(
            opened=Count("openings", filter=by_people),
            last_opened_at=Max("openings__opened_at", filter=by_people),
        )


class ShareOpeningQuerySet(models.QuerySet[Any]):
    def by_people(self) -> "ShareOpeningQuerySet":
        return self.filter(is_machine=False)
