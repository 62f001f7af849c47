"""Who is a key account, by whose decision."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.lib.models import VersionedModel
from kam.users.models import User
from scoring.models.run import ScoreRun
from scoring.querysets import DecisionQuerySet, SharedQuerySet


class Decision(VersionedModel):
    """Who becomes (or stops being) a key account: proposed, then approved, declined or, later, ended."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        ENDED = "ended", _("Ended")

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="decisions"
    )
    run = models.ForeignKey(
        ScoreRun,
        verbose_name=_("score run"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    reason = models.TextField(_("reason"), blank=True)
    expectations_internal = models.TextField(_("what we expect"), blank=True)
    expectations_external = models.TextField(_("what the customer expects"), blank=True)
    kam = models.ForeignKey(
        User,
        verbose_name=_("key account manager"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    capacity_reason = models.TextField(
        _("why beyond the capacity"), blank=True, help_text=_("when the KAM looks after more than planned")
    )
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    valid_from = models.DateField(_("key account from"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("decision"), _("decisions")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(state="proposed"), name="one_open_proposal_an_account"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(state="approved"),
                name="one_current_decision_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_state_display()}"


class KamCapacity(VersionedModel):
    """How many key accounts a key account manager can look after well; without a row there is no limit."""

    kam = models.OneToOneField(
        User, verbose_name=_("key account manager"), on_delete=models.CASCADE, related_name="capacity"
    )
    most = models.PositiveSmallIntegerField(_("key accounts at most"))
    set_by = models.ForeignKey(
        User, verbose_name=_("set by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("capacity"), _("capacities")
        ordering = ["kam__name"]

    def __str__(self) -> str:
        return f"{self.kam}: {self.most}"


class BlindList(VersionedModel):
    """Whom a leader would choose, named before the ranking that it is compared with was computed."""

    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="blind_lists"
    )
    accounts = models.ManyToManyField(Account, verbose_name=_("accounts"), related_name="+")
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("blind list"), _("blind lists")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(handed_in_at__isnull=True),
                name="one_open_blind_list_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.created_at.date().isoformat()}"
