"""Links with which somebody outside reads one customer's report, and when they were opened."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kam.lib.models import TimestampedModel
from kam.users.models import User
from reports.models.report import Report
from reports.querysets import ShareLinkQuerySet, ShareOpeningQuerySet

DEFAULT_DAYS, MAX_DAYS = 30, 365
SHORTEST_PASSWORD = 8


def hash_token(token: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


class ShareLink(TimestampedModel):
    """A secret address for exactly one report. The address is shown once; only its hash is kept."""

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="links"
    )
    recipient = models.CharField(_("for whom"), max_length=120)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    password_hash = models.CharField(max_length=128, blank=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, verbose_name=_("shared by"), on_delete=models.SET_NULL, null=True, related_name="share_links"
    )

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("share link"), _("share links")
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=~Q(recipient=""), name="share_link_is_for_somebody")]

    def __str__(self) -> str:
        return self.recipient

    @property
    def has_password(self) -> bool:
        return bool(self.password_hash)


class ShareOpening(models.Model):
    """One opening: when, what, with what kind of browser. No address is kept: the kind is enough to tell
    a person from a mail scanner, and more would be personal data without a purpose."""

    class Kind(models.TextChoices):
        PAGE = "page", _("Page")
        PDF = "pdf", "PDF"

    id = models.BigAutoField(primary_key=True)
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="openings")
    kind = models.CharField(_("what"), max_length=4, choices=Kind.choices)
    agent = models.CharField(_("with"), max_length=40, blank=True)
    is_machine = models.BooleanField(_("by a program"), default=False)
    opened_at = models.DateTimeField(_("opened"))

    objects = ShareOpeningQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("opening"), _("openings")
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["link", "opened_at"], name="share_opening_of_link")]

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_at:%Y-%m-%d %H:%M}"
