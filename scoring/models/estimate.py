"""What is stated about an account that no sale tells: its wallet, its potential, where we stand, how it pays."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.lib.models import VersionedModel
from kam.users.models import User
from scoring.querysets import EstimateQuerySet


class AccountEstimate(VersionedModel):
    """One statement with its source and confidence. A newer one replaces an older one and never edits it."""

    class Kind(models.TextChoices):
        WHITE_SPACE = "white_space", _("White space: what it could buy from us in addition, a year")
        POTENTIAL = "potential", _("Potential: what it could buy from us in all, a year")
        WALLET = "wallet", _("Wallet: what it spends on such things with everybody, a year")
        STRENGTH = "strength", _("Relative strength: how good we and the best competitor are, 1–10")
        STAGE = "stage", _("Stage of the relationship, 1–5")
        DAYS_BEYOND_TERMS = "days_beyond_terms", _("Days beyond terms: how late it pays on average")

    class Confidence(models.TextChoices):
        LOW = "low", _("Low: a guess")
        MEDIUM = "medium", _("Medium: derived from something")
        HIGH = "high", _("High: the customer said so, or it is documented")

    MONEY = (Kind.WHITE_SPACE, Kind.POTENTIAL, Kind.WALLET)

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="estimates"
    )
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    rival_value = models.DecimalField(
        _("best competitor"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=200)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence.choices)
    note = models.TextField(_("note"), blank=True)
    stated_on = models.DateField(_("as of"))
    stated_by = models.ForeignKey(
        User, verbose_name=_("stated by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = EstimateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("estimate"), _("estimates")
        ordering = ["-stated_on", "-created_at"]
        indexes = [models.Index(fields=["account", "kind", "-stated_on"], name="estimate_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=0) | Q(kind="days_beyond_terms"), name="estimate_is_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(kind="stage") | Q(value__range=(1, 5)), name="stage_is_1_to_5"
            ),
            models.CheckConstraint(
                condition=~Q(kind="strength") | Q(value__range=(1, 10), rival_value__range=(1, 10)),
                name="strength_is_1_to_10_on_both_sides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.kind} {self.value.normalize():f}"

    @property
    def is_money(self) -> bool:
        return self.kind in self.MONEY

    @property
    def sureness(self) -> str:
        """The confidence in one word."""
        return str(self.get_confidence_display()).partition(":")[0]

    @property
    def ratio(self) -> float | None:
        """Our strength divided by the best competitor's; 1 is parity."""
        return float(self.value / self.rival_value) if self.rival_value else None
