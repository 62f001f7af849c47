"""An account's plan, its goals, and the metrics that measure them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Visibility
from goals.querysets import GoalQuerySet, MeasurementQuerySet, MetricQuerySet, PlanQuerySet
from kam.lib.models import TimestampedModel, VersionedModel
from kam.users.models import User

VALUE: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}


class Plan(VersionedModel):
    """One page per account: why, how, what, and the purpose on both sides."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="plan")
    why = models.TextField(_("why"), blank=True)
    how = models.TextField(_("how"), blank=True)
    what = models.TextField(_("what"), blank=True)
    purpose_ours = models.TextField(_("purpose for us"), blank=True)
    purpose_customer = models.TextField(_("purpose for the customer"), blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("plan"), _("plans")

    def __str__(self) -> str:
        return str(self.account)


class Metric(VersionedModel):
    """What is measured on an account: a fact, or a value that people or programs deliver."""

    class Direction(models.TextChoices):
        UP = "up", _("Higher is better")
        DOWN = "down", _("Lower is better")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="metrics")
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

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="measurements")
    measured_on = models.DateField(_("measured on"))
    value = models.DecimalField(_("value"), **VALUE)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.TYPED)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("measurement"), _("measurements")
        ordering = ["measured_on"]
        constraints = [
            models.UniqueConstraint(fields=["metric", "measured_on"], name="one_measurement_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.measured_on}: {self.value}"


class Goal(VersionedModel):
    """What is to be reached, for whom, by when; quantitative when it has a metric, otherwise in words."""

    class Side(models.TextChoices):
        OURS = "ours", _("Ours")
        CUSTOMER = "customer", _("The customer's")
        JOINT = "joint", _("Joint")

    class Outcome(models.TextChoices):
        OPEN = "", _("Open")
        ACHIEVED = "achieved", _("Achieved")
        MISSED = "missed", _("Missed")
        DROPPED = "dropped", _("Dropped")

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="goals"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    title = models.CharField(_("goal"), max_length=200)
    why = models.TextField(_("why"), blank=True)
    how = models.TextField(_("how"), blank=True)
    what = models.TextField(_("what"), blank=True)
    side = models.CharField(_("side"), max_length=8, choices=Side.choices, default=Side.OURS)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL
    )
    metric = models.ForeignKey(
        Metric,
        verbose_name=_("metric"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
    )
    start_value = models.DecimalField(_("start"), **VALUE, null=True, blank=True)
    target_value = models.DecimalField(_("target"), **VALUE, null=True, blank=True)
    start_on = models.DateField(_("from"))
    due_on = models.DateField(_("due"))
    owner = models.ForeignKey(
        User, verbose_name=_("owner"), on_delete=models.SET_NULL, null=True, blank=True, related_name="goals"
    )
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome.choices, blank=True, default=Outcome.OPEN
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("goal"), _("goals")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("start_on")), name="goal_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.title


class GoalTarget(TimestampedModel):
    """An earlier target of a goal: moving it leaves a trace."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="earlier_targets")
    target_value = models.DecimalField(**VALUE, null=True)
    due_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["created_at"]


class Milestone(VersionedModel):
    """A step on the way to a goal."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=200)
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("milestone"), _("milestones")
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title
