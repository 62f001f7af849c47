"""Exchange rates: what other currencies are worth in the one that amounts are kept in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.querysets import CurrencyRateQuerySet
from kam.lib.models import TimestampedModel
from kam.users.models import User


class CurrencyRate(TimestampedModel):
    """One unit of a currency in the reporting currency, from a day on until the next rate."""

    currency = models.CharField(_("currency"), max_length=3)
    valid_from = models.DateField(_("valid from"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = CurrencyRateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("exchange rate"), _("exchange rates")
        ordering = ["currency", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="one_rate_a_currency_and_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}"
