"""The timeline: what happened, who did it, when; and what is to be done next."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.models.contact import Contact
from accounts.querysets import ActivityQuerySet, TaskQuerySet
from kam.lib.models import UUIDModel, VersionedModel
from kam.users.models import User


class Verb(models.TextChoices):
    """What people log by hand; every other verb is a change, recorded by its action as «object.verb»."""

    NOTE = "note", _("Note")
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    MAIL = "mail", _("E-mail")
    VISIT = "visit", _("Visit")


class Engagement(models.TextChoices):
    """What people log of working together beyond buying and selling; it counts as seriously as an order."""

    CO_PROJECT = "co_project", _("Work on a joint project")
    EVENT = "event", _("Event")
    ADVISORY = "advisory", _("Advisory board")
    TRAINING = "training", _("Training")
    REFERENCE = "reference", _("Reference")


LOGGABLE = frozenset({*Verb.values, *Engagement.values})


class Visibility(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    SHAREABLE = "shareable", _("May be shown to the customer")


class Activity(UUIDModel):
    """One entry of the timeline; the audit trail at the same time. Never edited."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, blank=True, related_name="activities"
    )
    verb = models.CharField(max_length=40, help_text="note, call, … or account.updated, goal.created, …")
    actor = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    occurred_at = models.DateTimeField(default=timezone.now)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    body = models.TextField(_("text"), blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    details = models.JSONField(default=dict, help_text="before and after of what changed")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("activity"), _("activities")
        ordering = ["-occurred_at", "-id"]
        indexes = [models.Index(fields=["account", "-occurred_at"], name="activity_timeline")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}".strip()


class Task(VersionedModel):
    """A next step. ``key`` names what raised it, so that one reason never opens two tasks."""

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="tasks"
    )
    title = models.CharField(_("next step"), max_length=200)
    due_on = models.DateField(_("due"), null=True, blank=True)
    assignee = models.ForeignKey(
        User, verbose_name=_("who"), on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    done_when = models.CharField(_("done when"), max_length=200, blank=True)
    key = models.CharField(max_length=160, null=True, blank=True, editable=False)  # noqa: DJ001 - unique needs NULLs
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("task"), _("tasks")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(done_at__isnull=True), name="one_open_task_per_reason"
            )
        ]

    def __str__(self) -> str:
        return self.title
