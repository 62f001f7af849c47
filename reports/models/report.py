"""Frozen, dated documents for stakeholders."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account
from kam.integrations.models import Job
from kam.lib.models import TimestampedModel
from kam.users.models import User
from reports.querysets import ReportQuerySet


class Report(TimestampedModel):
    """A snapshot as of a date. Page, PDF, slides and sheet are renderings of ``snapshot`` and of nothing else."""

    class Template(models.TextChoices):
        PROGRESS = "progress", _("Progress report")
        QUARTERLY = "quarterly", _("Quarterly review")
        KICKOFF = "kickoff", _("Kick-off")
        PORTFOLIO = "portfolio", _("Leadership portfolio")

    class Audience(models.TextChoices):
        INTERNAL = "internal", _("Internal")
        CUSTOMER = "customer", _("For the customer")

    account = models.ForeignKey(
        Account,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reports",
    )
    template = models.CharField(
        _("template"), max_length=12, choices=Template.choices, default=Template.PROGRESS
    )
    sections = models.JSONField(
        _("sections"), default=list, editable=False, help_text=_("codes in the template's order")
    )
    skipped = models.JSONField(
        _("sections left out"), default=dict, editable=False, help_text=_("code: why it could not be built")
    )
    audience = models.CharField(
        _("audience"), max_length=8, choices=Audience.choices, default=Audience.INTERNAL
    )
    language = models.CharField(_("language"), max_length=2, choices=[("de", "Deutsch"), ("en", "English")])
    as_of = models.DateField(_("as of"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    snapshot = models.JSONField(null=True, editable=False)
    hidden = models.JSONField(
        default=list, editable=False, help_text="part, field and count of what was taken out"
    )
    snapshot_digest = models.CharField(
        _("checksum of the content"), max_length=64, blank=True, editable=False
    )
    previous = models.ForeignKey(
        "self",
        verbose_name=_("previous report"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    pdf = models.FileField("PDF", upload_to="reports/%Y/%m", max_length=200, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="reports"
    )
    built_at = models.DateTimeField(_("built"), null=True, blank=True)
    approved_at = models.DateTimeField(
        pgettext_lazy("report", "approved on"), null=True, blank=True, editable=False
    )
    approved_by = models.ForeignKey(
        User,
        verbose_name=pgettext_lazy("report", "approved by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="approved_reports",
        editable=False,
    )
    approval_note = models.CharField(_("note"), max_length=300, blank=True, editable=False)
    approved_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("progress report"), _("progress reports")
        ordering = ["-created_at"]

    @property
    def is_built(self) -> bool:
        return self.built_at is not None

    @property
    def is_approved(self) -> bool:
        """Somebody has said that a customer may have it, and it is still what was approved."""
        return self.approved_at is not None and self.approved_digest == self.snapshot_digest

    def __str__(self) -> str:
        return self.title or f"{self.account} {self.as_of}"
