"""Scheduled reports: who gets which report when, and what was delivered to whom."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.windows import months_before
from kam.lib.models import TimestampedModel
from kam.users.models import User
from reports.models.report import Report
from reports.querysets import DeliveredReportQuerySet, ReportScheduleQuerySet


class ReportSchedule(TimestampedModel):
    """An internal report that colleagues get every month or quarter; without an account it is the portfolio's."""

    class Rhythm(models.TextChoices):
        MONTHLY = "monthly", _("Every month")
        QUARTERLY = "quarterly", _("Every quarter")

    account = models.ForeignKey(
        Account,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="report_schedules",
    )
    template = models.CharField(_("template"), max_length=12, choices=Report.Template.choices)
    language = models.CharField(_("language"), max_length=2, choices=[("de", "Deutsch"), ("en", "English")])
    rhythm = models.CharField(_("rhythm"), max_length=9, choices=Rhythm.choices)
    # Every slot is counted from this day, so that the 31st is the 31st again after a short month.
    start_on = models.DateField(_("first on"))
    next_on = models.DateField(_("next on"), db_index=True)
    recipients = models.ManyToManyField(User, verbose_name=_("recipients"), related_name="report_schedules")
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("scheduled report"), _("scheduled reports")
        ordering = ["next_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(template="portfolio", account__isnull=True)
                | Q(account__isnull=False) & ~Q(template="portfolio"),
                name="schedule_is_about_its_template",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_template_display()}: {self.account or '–'}"

    def slot_after(self, day: date) -> date:
        """Return the first slot after a day."""
        step = 1 if self.rhythm == self.Rhythm.MONTHLY else 3
        number = max(0, (day.year - self.start_on.year) * 12 + day.month - self.start_on.month) // step
        while (slot := months_before(self.start_on, -number * step)) <= day:
            number += 1
        return slot


class ReportDelivery(TimestampedModel):
    """One slot of a schedule: the report that was built for it."""

    schedule = models.ForeignKey(
        ReportSchedule,
        verbose_name=_("scheduled report"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    slot = models.DateField(_("slot"))
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
    )

    class Meta:
        verbose_name, verbose_name_plural = _("delivery"), _("deliveries")
        ordering = ["-slot"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "slot"], name="one_delivery_a_slot_of_a_schedule")
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.slot}"


class DeliveredReport(models.Model):
    """A colleague's copy: in the inbox until it was seen, by mail as well where mail is set up."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(ReportDelivery, on_delete=models.CASCADE, related_name="copies")
    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="delivered_reports"
    )
    delivered_at = models.DateTimeField(_("delivered"))
    # Set before the mail goes out: who dies in between leaves a doubt, and no second mail.
    mail_claimed_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    objects = DeliveredReportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("delivered report"), _("delivered reports")
        constraints = [
            models.UniqueConstraint(fields=["delivery", "user"], name="one_copy_a_person_and_delivery")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.delivery_id}"

    @property
    def mail_state(self) -> str:
        """Return ``mailed``, ``in_doubt`` (it was being sent when the run ended) or nothing."""
        if self.mailed_at:
            return "mailed"
        return "in_doubt" if self.mail_claimed_at else ""
