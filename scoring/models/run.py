"""Reproducible runs, their scores, and back-tests of the method."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.integrations.models import Job
from kam.lib.models import TimestampedModel
from kam.users.models import User
from scoring.models.method import ScoringModel
from scoring.querysets import ScoreQuerySet, ScoreRunQuerySet, SharedQuerySet


class ScoreRun(TimestampedModel):
    """One reproducible computation: model version, day, seed, resolved rules; its scores hang below."""

    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="runs")
    as_of = models.DateField(_("as of"))
    seed = models.PositiveBigIntegerField(default=20260101)
    contexts = models.JSONField(default=list, help_text="per criterion: the rule's resolved bounds")
    weights = models.JSONField(default=list, help_text="as used, in the order of the model's criteria")
    accounts = models.PositiveIntegerField(default=0)
    certainty = models.JSONField(default=list, help_text="by position: rank_low, rank_high, p_top, margin")
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="score_runs")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    objects = ScoreRunQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("score run"), _("score runs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.model} {self.as_of}"


class Score(models.Model):
    """An account's result in a run. Lists stand in the order of the model's criteria; null is missing."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="scores")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="scores")
    position = models.PositiveIntegerField(help_text="1…n without gaps, the order of the list")
    rank = models.PositiveIntegerField(help_text="ties share a rank")
    previous_rank = models.PositiveIntegerField(null=True)
    total = models.FloatField(help_text="1–10; the low end while ratings are missing")
    low = models.FloatField()
    high = models.FloatField()
    completeness = models.FloatField(help_text="share of the weight that is rated")
    facts = models.JSONField(default=list)
    ratings = models.JSONField(default=list)
    headroom = models.FloatField(null=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("score"), _("scores")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "account"], name="one_score_an_account_and_run")
        ]
        indexes = [models.Index(fields=["run", "position"], name="score_by_position")]

    def __str__(self) -> str:
        return f"{self.total:.2f}"


class Backtest(TimestampedModel):
    """What a model would have chosen on an earlier day, against what the accounts did afterwards."""

    class Outcome(models.TextChoices):
        GROWTH = "growth", _("Growth of revenue")
        RETENTION = "retention", _("Orders again")
        REVENUE = "revenue", _("Revenue afterwards")

    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="backtests")
    as_of = models.DateField(_("as of"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    horizon_days = models.PositiveIntegerField(_("horizon in days"), default=180)
    top = models.PositiveIntegerField(_("the first N"), default=20)
    seed = models.PositiveBigIntegerField(default=20260101)
    result = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="backtests")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("back-test"), _("back-tests")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.model} {self.as_of} {self.outcome}"
