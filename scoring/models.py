"""Criteria, versioned models, ratings, reproducible runs and the decisions made on them."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.integrations.models import Job
from kam.lib.models import TimestampedModel, VersionedModel
from kam.users.models import User
from scoring.querysets import (
    CriterionQuerySet,
    DecisionQuerySet,
    RatingQuerySet,
    ScoreQuerySet,
    ScoreRunQuerySet,
    ScoringModelQuerySet,
    SharedQuerySet,
)


def _reader() -> str:
    return "de" if (get_language() or "").startswith("de") else "en"


class Basis(models.TextChoices):
    NET = "net", _("Net of reversals")
    GROSS = "gross", _("Gross")


class Criterion(VersionedModel):
    """Something accounts are rated on; ``anchors`` says in both languages what 1, 4, 7 and 10 mean."""

    class Source(models.TextChoices):
        RATED = "rated", _("Rated by people")
        COMPUTED = "computed", _("Computed from facts")

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name_de = models.CharField(_("name (German)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    need_de = models.TextField(_("business need (German)"), blank=True)
    need_en = models.TextField(_("business need (English)"), blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.RATED)
    data_source_de = models.CharField(_("where the data come from (German)"), max_length=200, blank=True)
    data_source_en = models.CharField(_("where the data come from (English)"), max_length=200, blank=True)
    fact = models.CharField(
        _("fact"), max_length=40, blank=True, help_text=_("code of the fact a rule maps to 1–10")
    )
    basis = models.CharField(_("basis"), max_length=5, choices=Basis.choices, default=Basis.NET)
    window = models.CharField(_("window"), max_length=8, default="all")
    rule = models.JSONField(
        _("rule"), default=dict, blank=True, help_text=_("proposed rule; a model may change it")
    )
    anchors = models.JSONField(
        _("anchors"), default=dict, help_text='{"de": {"1": …, "4": …, "7": …, "10": …}, "en": …}'
    )
    questions = models.JSONField(_("guiding questions"), default=list, blank=True)
    growth_metric = models.CharField(_("growth metric"), max_length=40, blank=True)
    higher_is_better = models.BooleanField(_("higher is better"), default=True)
    may_be_not_applicable = models.BooleanField(_("may be not applicable"), default=True)
    is_shipped = models.BooleanField(default=False, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("criterion"), _("criteria")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self._text("name")

    @property
    def need(self) -> str:
        return self._text("need")

    @property
    def data_source(self) -> str:
        return self._text("data_source")

    @property
    def anchor_texts(self) -> list[tuple[str, str]]:
        """Return (level, words) for 1, 4, 7 and 10 as far as they are described, in the reader's language."""
        texts = self.anchors.get(_reader(), {})
        return [(level, texts[level]) for level in ("1", "4", "7", "10") if texts.get(level)]

    @property
    def question_texts(self) -> list[str]:
        return [question.get(_reader(), "") for question in self.questions]

    @property
    def is_computed(self) -> bool:
        return self.source == self.Source.COMPUTED

    def _text(self, field: str) -> str:
        return str(getattr(self, f"{field}_{_reader()}"))


class ScoringModel(VersionedModel):
    """Three to five criteria with weights and how these arose. A version that a run used never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("In use")
        RETIRED = "retired", _("Retired")

    class WeightMethod(models.TextChoices):
        ROC = "roc", _("Rank order (centroid)")
        RANK_SUM = "rank_sum", _("Rank sum")
        RECIPROCAL = "reciprocal", _("Reciprocal ranks")
        SWING = "swing", _("Swing")
        AHP = "ahp", _("Pairwise comparison")
        TYPED = "typed", _("Typed")

    class CutKind(models.TextChoices):
        TOP_N = "top_n", _("The first N")
        THRESHOLD = "threshold", _("From a total on")

    name = models.CharField(_("name"), max_length=80)
    number = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    weight_method = models.CharField(
        _("weights by"), max_length=10, choices=WeightMethod.choices, default=WeightMethod.TYPED
    )
    weight_inputs = models.JSONField(
        default=dict, help_text="ranks, swings or matrix the weights were made from"
    )
    participants = models.TextField(_("who was there"), blank=True)
    override_reason = models.TextField(_("why not three to five criteria"), blank=True)
    cut_kind = models.CharField(_("cut line"), max_length=9, choices=CutKind.choices, default=CutKind.TOP_N)
    cut_value = models.FloatField(_("cut at"), default=12)
    exit_value = models.FloatField(
        _("leave at"), null=True, blank=True, help_text=_("later than entry, so that nobody flickers")
    )
    based_on = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="successors"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True, help_text="first run; from here on immutable")

    objects = ScoringModelQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("scoring model"), _("scoring models")
        ordering = ["name", "-number"]
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="model_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class ModelCriterion(TimestampedModel):
    """A criterion's place in one model: weight, rule and window."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="items")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="uses")
    position = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="importance, 1 first; ties share a rank"
    )
    weight = models.FloatField(help_text="share of 1")
    rule = models.JSONField(default=dict, blank=True)
    basis = models.CharField(max_length=5, choices=Basis.choices, default=Basis.NET)
    window = models.CharField(max_length=8, default="all")

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["model", "position"], name="one_criterion_a_position"),
            models.CheckConstraint(condition=models.Q(weight__range=(0, 1)), name="weight_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.weight:.3f}"


class RatingRound(VersionedModel):
    """An invitation to rate: who, what, until when. Ratings are blind until submitted."""

    name = models.CharField(_("name"), max_length=80)
    criteria = models.ManyToManyField(Criterion, related_name="rounds")
    raters = models.ManyToManyField(User, related_name="rating_rounds")
    due_on = models.DateField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("rating round"), _("rating rounds")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Rating(VersionedModel):
    """One person's 1–10 for (account, criterion); missing is no row, «not applicable» is one."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="ratings")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="ratings")
    rater = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="ratings")
    round = models.ForeignKey(
        RatingRound, on_delete=models.SET_NULL, null=True, blank=True, related_name="ratings"
    )
    value = models.DecimalField(_("rating"), max_digits=3, decimal_places=1, null=True, blank=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    note = models.TextField(_("note"), blank=True)
    evidence_url = models.URLField(_("evidence"), blank=True)
    rated_on = models.DateField(_("rated on"))
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("rating"), _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "criterion", "rater", "round"], name="one_rating_a_rater_round_and_cell"
            ),
            models.UniqueConstraint(
                fields=["account", "criterion", "rater"],
                condition=models.Q(round__isnull=True),
                name="one_rating_a_rater_and_cell",
            ),
            models.CheckConstraint(
                condition=models.Q(value__range=(1, 10), not_applicable=False)
                | models.Q(value__isnull=True, not_applicable=True),
                name="rating_is_1_to_10_or_not_applicable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value if self.value is not None else '–'}"


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


class Decision(VersionedModel):
    """Who becomes (or stops being) a key account: proposed, then approved, declined or, later, ended."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        ENDED = "ended", _("Ended")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="decisions")
    run = models.ForeignKey(
        ScoreRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    reason = models.TextField(_("reason"), blank=True)
    expectations_internal = models.TextField(_("what we expect"), blank=True)
    expectations_external = models.TextField(_("what the customer expects"), blank=True)
    kam = models.ForeignKey(
        User,
        verbose_name=_("key account manager"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    valid_from = models.DateField(_("key account from"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("decision"), _("decisions")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(state="proposed"), name="one_open_proposal_an_account"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(state="approved"),
                name="one_current_decision_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_state_display()}"
