"""Criteria and the versioned models that weigh them."""

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.facts import FACTS
from kam.lib import formatting
from kam.lib.models import TimestampedModel, VersionedModel
from kam.users.models import User
from scoring.querysets import CriterionQuerySet, ScoringModelQuerySet, SharedQuerySet

# English msgids of the metrics that the shipped criteria are measured by later.
GROWTH_METRICS = {
    "adoption": gettext_noop("adoption of offerings"),
    "average_transaction_size": gettext_noop("average transaction size"),
    "share_of_wallet": gettext_noop("share of the customer's spending"),
    "decision_makers_covered": gettext_noop("decision makers covered"),
    "joint_projects": gettext_noop("joint projects"),
    "tenure_days": gettext_noop("length of the relationship"),
    "days_beyond_terms": gettext_noop("days beyond the terms of payment"),
    "referrals": gettext_noop("referrals"),
    "team_rating": gettext_noop("rating by the team"),
    "service_distance": gettext_noop("distance to service"),
}


class Basis(models.TextChoices):
    NET = "net", _("Net of reversals")
    GROSS = "gross", _("Gross")


class Criterion(VersionedModel):
    """Something accounts are rated on; ``anchors`` says in both languages what 1, 4, 7 and 10 mean."""

    class Source(models.TextChoices):
        RATED = "rated", _("Rated by people")
        COMPUTED = "computed", _("Computed from facts")
        IMPORTED = "imported", _("Imported from a table or over the API")

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
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

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
    def growth_metric_name(self) -> str:
        """What growth is measured by later, in the reader's words; a code of the company's own as it is."""
        if self.growth_metric in FACTS:
            return str(FACTS[self.growth_metric].label)
        return gettext(GROWTH_METRICS.get(self.growth_metric, self.growth_metric))

    @property
    def anchor_texts(self) -> list[tuple[str, str]]:
        """Return (level, words) for 1, 4, 7 and 10 as far as they are described, in the reader's language."""
        texts = self.anchors.get(formatting.language(), {})
        return [(level, texts[level]) for level in ("1", "4", "7", "10") if texts.get(level)]

    @property
    def question_texts(self) -> list[str]:
        return [question.get(formatting.language(), "") for question in self.questions]

    @property
    def is_computed(self) -> bool:
        return self.source == self.Source.COMPUTED

    def _text(self, field: str) -> str:
        return str(getattr(self, f"{field}_{formatting.language()}"))


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
        _("origin of the weights"),
        default=dict,
        help_text=_("ranks, swings or matrix the weights were made from"),
    )
    participants = models.TextField(_("who was there"), blank=True)
    override_reason = models.TextField(_("why not three to five criteria"), blank=True)
    cut_kind = models.CharField(_("cut line"), max_length=9, choices=CutKind.choices, default=CutKind.TOP_N)
    cut_value = models.FloatField(_("cut at"), default=12)
    exit_value = models.FloatField(
        _("leave at"), null=True, blank=True, help_text=_("later than entry, so that nobody flickers")
    )
    based_on = models.ForeignKey(
        "self",
        verbose_name=_("based on"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="successors",
    )
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        User,
        verbose_name=_("approved by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved on"), null=True, blank=True)
    used_at = models.DateTimeField(
        _("first used"), null=True, blank=True, help_text=_("first run; from here on immutable")
    )

    objects = ScoringModelQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("scoring model"), _("scoring models")
        ordering = ["name", "-number"]
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="model_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class ModelCriterion(TimestampedModel):
    """A criterion's place in one model: weight, rule and window."""

    model = models.ForeignKey(
        ScoringModel, verbose_name=_("scoring model"), on_delete=models.CASCADE, related_name="items"
    )
    criterion = models.ForeignKey(
        Criterion, verbose_name=_("criterion"), on_delete=models.PROTECT, related_name="uses"
    )
    position = models.PositiveSmallIntegerField(
        _("position"),
    )
    rank = models.PositiveSmallIntegerField(
        _("rank"), null=True, blank=True, help_text=_("importance, 1 first; ties share a rank")
    )
    weight = models.FloatField(_("weight"), help_text=_("share of 1"))
    rule = models.JSONField(_("rule"), default=dict, blank=True)
    basis = models.CharField(_("basis"), max_length=5, choices=Basis.choices, default=Basis.NET)
    window = models.CharField(_("window"), max_length=8, default="all")

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["model", "position"], name="one_criterion_a_position"),
            models.CheckConstraint(condition=models.Q(weight__range=(0, 1)), name="weight_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.weight:.3f}"
