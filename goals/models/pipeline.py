"""What may be sold next and what runs out: opportunities and contracts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Offering
from goals.models.metric import VALUE
from goals.querysets import ContractQuerySet, OpportunityQuerySet
from goals.renewals import Term
from kam.lib.models import VersionedModel
from kam.users.models import User


class Contract(VersionedModel):
    """What was agreed for a time; ``end_on`` is the end of the present term, the nightly round moves it on."""

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="contracts"
    )
    title = models.CharField(_("contract"), max_length=200)
    offering = models.ForeignKey(
        Offering,
        verbose_name=_("offering"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contracts",
    )
    start_on = models.DateField(_("begins"))
    end_on = models.DateField(_("last day of the present term"))
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=0)
    renews_by = models.PositiveSmallIntegerField(
        _("renews itself by (months)"), null=True, blank=True, help_text=_("Leave empty if it simply ends.")
    )
    value = models.DecimalField(_("worth a year"), **VALUE, null=True, blank=True)
    cancelled_on = models.DateField(_("notice given on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contract"), _("contracts")
        ordering = ["end_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__gte=models.F("start_on")), name="contract_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["account", "title"], name="contract_once_an_account"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def term(self) -> Term:
        """What goals.renewals works with."""
        return Term(self.start_on, self.end_on, self.notice_days, self.renews_by or None, self.cancelled_on)


class Opportunity(VersionedModel):
    """Business that may come: a new unit, more of the same, another offering, or a renewal; with value and date."""

    class Kind(models.TextChoices):
        NEW = "new", _("New unit")
        UPSELL = "upsell", _("Upsell")
        CROSS_SELL = "cross_sell", _("Cross-sell")
        RENEWAL = "renewal", _("Renewal")

    class Stage(models.TextChoices):
        SEEN = "seen", _("Seen")
        QUALIFIED = "qualified", _("Confirmed by the customer")
        OFFERED = "offered", _("Offered")
        AGREED = "agreed", _("Being agreed")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    CLOSED = (Stage.WON, Stage.LOST)

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="opportunities"
    )
    title = models.CharField(_("opportunity"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.UPSELL)
    offering = models.ForeignKey(
        Offering,
        verbose_name=_("offering"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
    )
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("contract"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
    )
    value = models.DecimalField(_("value"), **VALUE, null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=9, choices=Stage.choices, default=Stage.SEEN)
    expected_on = models.DateField(_("expected"))
    owner = models.ForeignKey(
        User,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
    )
    reason = models.CharField(_("why we think so"), max_length=300, blank=True)
    outcome = models.CharField(_("why it was won or lost"), max_length=300, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    # The anticipation it came from: one reason never opens two of them.
    key = models.CharField(max_length=160, null=True, blank=True, editable=False)  # noqa: DJ001 - unique needs NULLs

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("opportunity"), _("opportunities")
        ordering = ["expected_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["won", "lost"], closed_on__isnull=False)
                | (~Q(stage__in=["won", "lost"]) & Q(closed_on__isnull=True)),
                name="opportunity_is_closed_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(closed_on__isnull=True), name="one_open_opportunity_per_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_on is None
