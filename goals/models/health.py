"""What the health of relationships said on the last day of a month, to be held against what came after."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from goals.models.metric import VALUE
from goals.querysets import HealthQuerySet
from kam.lib.models import TimestampedModel


class HealthMonth(TimestampedModel):
    """An account's health as of a day, never changed afterwards, and its revenue before and after that day."""

    is_derived = True

    account = models.ForeignKey(
        Account,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="health_months",
        db_index=False,
    )
    as_of = models.DateField(_("as of"))
    score = models.FloatField(_("health"), null=True)
    completeness = models.FloatField(_("completeness"))
    inputs = models.JSONField(_("inputs"), default=dict)
    revenue_before = models.DecimalField(_("revenue of the same months a year earlier"), **VALUE, null=True)
    revenue_after = models.DecimalField(_("revenue of the three months after"), **VALUE, null=True)

    objects = HealthQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("health of a month"), _("health by month")
        ordering = ["-as_of", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "as_of"], name="health_once_a_month")]
        indexes = [models.Index(fields=["as_of", "score"], name="health_by_month")]

    def __str__(self) -> str:
        return f"{self.as_of}: {self.score}"
