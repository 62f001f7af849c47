"""Playbooks: ordered steps with relative dates, instantiated for an account as tasks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from goals.querysets import PlaybookQuerySet, PlaybookRunQuerySet
from kam.lib.models import TimestampedModel, VersionedModel
from kam.users.models import AccountFunction, User


class Playbook(VersionedModel):
    """A proven order of steps for a situation; it belongs to the whole company."""

    name = models.CharField(_("playbook"), max_length=120, unique=True)
    purpose = models.TextField(_("what it is for"), blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = PlaybookQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("playbook"), _("playbooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlaybookStep(TimestampedModel):
    """One step: due so many days after the start, done by a function of the account's team."""

    playbook = models.ForeignKey(
        Playbook, verbose_name=_("playbook"), on_delete=models.CASCADE, related_name="steps"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("step"), max_length=200)
    day_offset = models.PositiveSmallIntegerField(_("days after the start"), default=0)
    function = models.CharField(
        _("who"), max_length=12, choices=AccountFunction.choices, default=AccountFunction.KAM
    )
    exit_criterion = models.CharField(_("done when"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("step"), _("steps")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["playbook", "position"], name="one_step_a_position")]

    def __str__(self) -> str:
        return self.title


class PlaybookRun(TimestampedModel):
    """A playbook started for an account; its tasks carry ``playbook:<run>:<position>`` as their key."""

    playbook = models.ForeignKey(
        Playbook, verbose_name=_("playbook"), on_delete=models.PROTECT, related_name="runs"
    )
    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="playbook_runs"
    )
    started_on = models.DateField(_("started on"))
    started_by = models.ForeignKey(
        User, verbose_name=_("started by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = PlaybookRunQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("playbook in use"), _("playbooks in use")
        ordering = ["-started_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "account"],
                condition=Q(ended_at__isnull=True),
                name="one_open_run_a_playbook_and_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.playbook}: {self.account}"
