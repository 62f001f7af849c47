"""What is to be reached, the steps on the way, and what was done for it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Activity, Visibility
from goals.models.metric import VALUE, Metric
from goals.querysets import GoalQuerySet, MilestoneQuerySet
from kam.lib.models import TimestampedModel, VersionedModel
from kam.users.models import User


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

    class Verdict(models.TextChoices):
        """What a person says where no number does."""

        NONE = "", _("By its milestones")
        ON_TRACK = "on_track", _("On track")
        AT_RISK = "at_risk", _("At risk")
        OFF_TRACK = "off_track", _("Off track")

    class Confidence(models.TextChoices):
        """How sure the owner is that the goal will be reached."""

        NONE = "", _("Not said")
        HIGH = "high", _("Sure")
        MEDIUM = "medium", _("Likely")
        LOW = "low", _("Doubtful")

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="goals"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("higher goal"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
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
    verdict = models.CharField(
        _("judgement"), max_length=9, choices=Verdict.choices, blank=True, default=Verdict.NONE
    )
    cause = models.CharField(_("cause"), max_length=300, blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence.choices, blank=True, default=Confidence.NONE
    )
    status_text = models.CharField(_("status in words"), max_length=300, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When somebody last did something for the goal, kept by the actions.
    worked_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome.choices, blank=True, default=Outcome.OPEN
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The anticipation it came from: one reason never sets two of them.
    key = models.CharField(max_length=160, null=True, blank=True, editable=False)  # noqa: DJ001 - unique needs NULLs

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("goal"), _("goals")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("start_on")), name="goal_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_goal_per_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GoalTarget(TimestampedModel):
    """An earlier target of a goal: moving it leaves a trace."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="earlier_targets")
    target_value = models.DecimalField(_("target"), **VALUE, null=True)
    due_on = models.DateField(_("due"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    changed_by = models.ForeignKey(
        User, verbose_name=_("changed by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.target_value} – {self.due_on}"


class Milestone(VersionedModel):
    """A step on the way to a goal."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=200)
    due_on = models.DateField(_("due"))
    value = models.DecimalField(_("value to be reached by then"), **VALUE, null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("milestone"), _("milestones")
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title


class GoalActivity(models.Model):
    """An entry of the timeline that was done for a goal."""

    id = models.BigAutoField(primary_key=True)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="work")
    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="goal_link")

    def __str__(self) -> str:
        return f"{self.activity} → {self.goal}"
