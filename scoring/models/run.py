"""Reproducible runs, their scores, and back-tests of the method."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.integrations.models import Job
from kam.lib.models import TimestampedModel
from kam.users.models import User
from scoring.models.method import ScoringModel
from scoring.querysets import ScoreQuerySet, ScoreRunQuerySet, SharedQuerySet


class ScoreRun(TimestampedModel):
    """One reproducible computation: model version, day, seed, resolved rules; its scores hang below.

    A run that computes from just the same as an earlier one (``inputs`` is the digest of that) has no scores of
    its own: those of ``same_as`` are its scores, their change of rank included.
    """

    model = models.ForeignKey(
        ScoringModel, verbose_name=_("scoring model"), on_delete=models.PROTECT, related_name="runs"
    )
    as_of = models.DateField(_("as of"))
    seed = models.PositiveBigIntegerField(_("seed"), default=20260101)
    contexts = models.JSONField(
        _("resolved rules"), default=list, help_text=_("per criterion: the rule's resolved bounds")
    )
    weights = models.JSONField(
        _("weights"), default=list, help_text=_("as used, in the order of the model's criteria")
    )
    accounts = models.PositiveIntegerField(_("accounts"), default=0)
    certainty = models.JSONField(default=list, help_text="by position: rank_low, rank_high, p_top, margin")
    previous = models.ForeignKey(
        "self",
        verbose_name=_("previous run"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    inputs = models.CharField(_("checksum of the inputs"), max_length=64, blank=True)
    same_as = models.ForeignKey(
        "self",
        verbose_name=_("same as"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="repeats",
    )
    job = models.ForeignKey(
        Job, verbose_name=_("job"), on_delete=models.SET_NULL, null=True, related_name="score_runs"
    )
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ScoreRunQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("score run"), _("score runs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.model} {self.as_of}"

    @property
    def scores_in_id(self) -> Any:
        """The run that this one's scores are stored with."""
        return self.same_as_id or self.pk

    @property
    def lacks_certainty(self) -> bool:
        """Whether the ranking stands but nobody knows how sure it is; in an empty one there is nothing to know."""
        return self.finished_at is not None and self.accounts > 0 and not self.certainty


class Score(models.Model):
    """An account's result in a run. Lists stand in the order of the model's criteria; null is missing.

    A run writes a row for every account, so the table carries no key of its own, no index and no check that no read
    needs. Every read names its run, and both indexes begin with it: a run's entries lie together, however many runs
    there are.
    """

    # Computed from what else there is: taking an import back takes it along (accounts.imports.undo).
    is_derived = True

    pk = models.CompositePrimaryKey("run_id", "account_id")
    run = models.ForeignKey(
        ScoreRun,
        verbose_name=_("score run"),
        on_delete=models.CASCADE,
        related_name="scores",
        db_index=False,
        db_constraint=False,
    )
    account = models.ForeignKey(
        Account,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="scores",
        db_index=False,
        db_constraint=False,
    )
    position = models.PositiveIntegerField(_("position"), help_text="1…n without gaps, the order of the list")
    rank = models.PositiveIntegerField(_("rank"), help_text="ties share a rank")
    previous_rank = models.PositiveIntegerField(null=True)
    total = models.FloatField(help_text="1–10; the low end while ratings are missing")
    low = models.FloatField()
    high = models.FloatField()
    completeness = models.FloatField(help_text="share of the weight that is rated")
    facts = models.JSONField(default=list)
    ratings = models.JSONField(default=list)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("score"), _("scores")
        ordering = ["position"]
        indexes = [models.Index(fields=["run", "position"], name="score_by_position")]

    def __str__(self) -> str:
        return f"{self.total:.2f}"


class Backtest(TimestampedModel):
    """What a model would have chosen on an earlier day, against what the accounts did afterwards."""

    class Outcome(models.TextChoices):
        GROWTH = "growth", _("Growth of revenue")
        RETENTION = "retention", _("Orders again")
        REVENUE = "revenue", _("Revenue afterwards")

    model = models.ForeignKey(
        ScoringModel, verbose_name=_("scoring model"), on_delete=models.PROTECT, related_name="backtests"
    )
    as_of = models.DateField(_("as of"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    horizon_days = models.PositiveIntegerField(_("horizon in days"), default=180)
    top = models.PositiveIntegerField(_("the first N"), default=20)
    seed = models.PositiveBigIntegerField(_("seed"), default=20260101)
    result = models.JSONField(_("result"), default=dict)
    job = models.ForeignKey(
        Job, verbose_name=_("job"), on_delete=models.SET_NULL, null=True, related_name="backtests"
    )
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("back-test"), _("back-tests")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.model} {self.as_of} {self.outcome}"
