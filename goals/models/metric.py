"""What is measured on an account, and the values measured."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from goals.querysets import MeasurementQuerySet, MetricQuerySet
from kam.lib.models import AMOUNT_RANGE, SMALL_NUMBER, TimestampedModel, VersionedModel
from kam.users.models import User

VALUE: dict[str, Any] = {"max_digits": 18, "decimal_places": 4, "validators": AMOUNT_RANGE}


class Metric(VersionedModel):
    """What is measured on an account: a fact, or a value that people or programs deliver."""

    class Direction(models.TextChoices):
        UP = "up", _("Higher is better")
        DOWN = "down", _("Lower is better")

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="metrics"
    )
    name = models.CharField(_("name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction.choices, default=Direction.UP
    )
    fact = models.CharField(
        _("fact"), max_length=40, blank=True, help_text=_("computed nightly when a fact is named")
    )
    basis = models.CharField(
        _("basis"),
        max_length=5,
        choices=[("net", _("Net of reversals")), ("gross", _("Gross"))],
        default="net",
    )
    window = models.CharField(_("window"), max_length=8, default="12m")
    criterion_code = models.CharField(_("criterion"), max_length=50, blank=True)
    band_low = models.DecimalField(_("band from"), **VALUE, null=True, blank=True)
    band_high = models.DecimalField(_("band to"), **VALUE, null=True, blank=True)
    # After so many days without a value the metric counts as no longer delivered.
    due_every_days = models.PositiveSmallIntegerField(
        _("days between values"), default=35, validators=SMALL_NUMBER
    )

    objects = MetricQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("metric"), _("metrics")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="metric_name_once_an_account")
        ]

    def __str__(self) -> str:
        return self.name


class Measurement(TimestampedModel):
    """A metric's value on a day; one a day, the later one wins and both stand in the timeline."""

    class Source(models.TextChoices):
        TYPED = "typed", _("Typed in")
        IMPORTED = "imported", _("Imported")
        API = "api", _("By API")
        COMPUTED = "computed", _("Computed")

    metric = models.ForeignKey(
        Metric, verbose_name=_("metric"), on_delete=models.CASCADE, related_name="measurements"
    )
    measured_on = models.DateField(_("measured on"))
    value = models.DecimalField(_("value"), **VALUE)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.TYPED)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("who"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("measurement"), _("measurements")
        ordering = ["measured_on"]
        constraints = [
            models.UniqueConstraint(fields=["metric", "measured_on"], name="one_measurement_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.measured_on}: {self.value}"
