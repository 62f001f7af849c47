"""The rates that turn hours and discounts into money."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class CostRates(models.Model):
    """What an hour of service costs and how much discount the policy allows (a single row)."""

    hourly_rate = models.DecimalField(
        _("cost of an hour"), max_digits=9, decimal_places=2, default=Decimal(75)
    )
    allowed_discount = models.DecimalField(
        _("discount the policy allows (percent)"), max_digits=5, decimal_places=2, default=Decimal(10)
    )

    class Meta:
        verbose_name = verbose_name_plural = _("cost rates")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="only_one_row_of_cost_rates"),
            models.CheckConstraint(
                condition=models.Q(hourly_rate__gte=0, allowed_discount__range=(0, 100)),
                name="cost_rates_are_possible",
            ),
        ]

    def __str__(self) -> str:
        return str(self.hourly_rate)

    @classmethod
    def current(cls) -> "CostRates":
        """Return the row, or the shipped rates while nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
