"""Periods an account is measured in: its own fiscal years, or whatever its people name."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from goals.querysets import OfPlanQuerySet
from kam.lib.models import VersionedModel


class AccountPeriod(VersionedModel):
    """A named stretch of days, both ends included; those of one account never overlap."""

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="periods"
    )
    name = models.CharField(_("name of the period"), max_length=40)
    start_on = models.DateField(_("first day"))
    end_on = models.DateField(_("last day"))

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("period"), _("periods")
        ordering = ["-start_on"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="account_period_name_once"),
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")), name="account_period_has_days"),
        ]

    def __str__(self) -> str:
        return self.name
