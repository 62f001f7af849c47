"""Criteria, models, runs, scores and decisions as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kam.lib.api.bodies import Body, RelatedList
from kam.users.models import User
from scoring.explain import components
from scoring.models import (
    Backtest,
    Criterion,
    Decision,
    ModelCriterion,
    Rating,
    RatingRound,
    Score,
    ScoreRun,
    ScoringModel,
)
from scoring.serializers_conversation import ConversationSerializer, conversation_data
from scoring.weighing import INPUT_OF

METHODS = sorted(INPUT_OF)
BASES = ["gross", "net"]


class CriterionSerializer(Body, serializers.ModelSerializer[Criterion]):
    """A criterion; ``name`` and ``need`` in the caller's language beside both texts."""

    name = serializers.CharField(read_only=True)
    need = serializers.CharField(read_only=True)
    code = serializers.SlugField(max_length=50)
    basis = serializers.ChoiceField(choices=BASES, required=False)
    rule = serializers.JSONField(required=False)
    anchors = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=500, allow_blank=True)),
        required=False,
    )
    questions = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(max_length=300)),
        max_length=12,
        required=False,
    )

    class Meta:
        model = Criterion
        read_only_fields = ["id", "name", "need", "is_shipped", "archived_at", "version", "created_at"]
        fields = [
            *("id", "code", "name", "name_de", "name_en", "need", "need_de", "need_en", "source"),
            *("data_source_de", "data_source_en", "fact", "basis", "window", "rule", "anchors", "questions"),
            *("growth_metric", "higher_is_better", "may_be_not_applicable", "is_shipped", "archived_at"),
            *("version", "created_at"),
        ]


class ItemSerializer(serializers.ModelSerializer[ModelCriterion]):
    """A criterion's place in a model."""

    criterion = serializers.CharField(source="criterion.code", read_only=True)
    name = serializers.CharField(source="criterion.name", read_only=True)
    fact = serializers.CharField(source="criterion.fact", read_only=True)
    basis = serializers.ChoiceField(choices=BASES, read_only=True)

    class Meta:
        model = ModelCriterion
        fields = ["criterion", "name", "fact", "weight", "rank", "rule", "basis", "window"]
        read_only_fields = fields


class CutSerializer(Body):
    """The cut line: the first ``value`` accounts or totals from ``value`` on; ``exit`` is where they leave."""

    kind = serializers.ChoiceField(choices=ScoringModel.CutKind.values)
    value = serializers.FloatField()
    exit = serializers.FloatField(allow_null=True, required=False, default=None)


class ModelSerializer(serializers.ModelSerializer[ScoringModel]):
    """A version of a scoring model."""

    number = serializers.IntegerField(read_only=True)
    criteria = ItemSerializer(source="items", many=True, read_only=True)
    cut = serializers.SerializerMethodField()
    weight_inputs = serializers.DictField(read_only=True)

    class Meta:
        model = ScoringModel
        fields = [
            *("id", "name", "number", "state", "weight_method", "weight_inputs", "participants"),
            *("override_reason", "cut", "criteria", "based_on", "approved_at", "used_at", "version"),
            "created_at",
        ]
        read_only_fields = fields

    def get_cut(self, model: ScoringModel) -> dict[str, Any]:
        return {"kind": model.cut_kind, "value": model.cut_value, "exit": model.exit_value}


class ItemInput(Body):
    """A criterion by its code, or the fact it is computed from."""

    criterion = serializers.SlugField(max_length=50, required=False)
    fact = serializers.SlugField(max_length=40, required=False)
    basis = serializers.ChoiceField(choices=BASES, required=False)
    window = serializers.CharField(max_length=8, required=False)
    rule = serializers.DictField(required=False)
    weight = serializers.FloatField(min_value=0, max_value=100, required=False)
    rank = serializers.IntegerField(min_value=1, max_value=100, required=False)
    swing = serializers.FloatField(min_value=0, max_value=1000, required=False)


class ModelInput(Body):
    """What a model is made from; the method is read off the criteria when it is not named."""

    name = serializers.CharField(max_length=80)
    criteria = serializers.ListField(child=ItemInput(), allow_empty=False, max_length=15)
    method = serializers.ChoiceField(choices=METHODS, required=False)
    matrix = serializers.JSONField(required=False)
    participants = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    override_reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    cut = CutSerializer(required=False)
    state = serializers.ChoiceField(choices=["draft", "active"], required=False, default="active")


class WeightsInput(Body):
    """A method with its own input: ranks, swings, a matrix or weights."""

    method = serializers.ChoiceField(choices=METHODS)
    ranks = serializers.JSONField(required=False)
    swings = serializers.JSONField(required=False)
    matrix = serializers.JSONField(required=False)
    weights = serializers.JSONField(required=False)


class RunSerializer(serializers.ModelSerializer[ScoreRun]):
    """A score run; ``contexts`` are the resolved bounds of the rules in the order of ``weights``."""

    model_name = serializers.CharField(source="model.name", read_only=True)
    model_number = serializers.IntegerField(source="model.number", read_only=True)
    state = serializers.CharField(source="job.state", default="succeeded", read_only=True)
    contexts = serializers.ListField(child=serializers.DictField(), read_only=True)
    weights = serializers.ListField(child=serializers.FloatField(), read_only=True)

    class Meta:
        model = ScoreRun
        fields = [
            *("id", "model", "model_name", "model_number", "as_of", "seed", "state", "accounts", "weights"),
            *("contexts", "previous", "same_as", "job", "created_at", "finished_at"),
        ]
        read_only_fields = fields


class RunInput(Body):
    model = serializers.UUIDField()
    as_of = serializers.DateField(required=False)


class StartedSerializer(serializers.Serializer[Any]):
    """What a request that starts a job answers: the resource and its job."""

    id = serializers.UUIDField()
    job = serializers.UUIDField()


class ComponentSerializer(serializers.Serializer[Any]):
    criterion = serializers.CharField(source="code")
    name = serializers.CharField()
    rating = serializers.FloatField(allow_null=True)
    weight = serializers.FloatField()
    contribution = serializers.FloatField(allow_null=True)
    fact = serializers.FloatField(allow_null=True)
    applicable = serializers.BooleanField(source="applies")


class ScoreSerializer(serializers.ModelSerializer[Score]):
    """An account's place in a run. The view puts the run and its items into the context."""

    external_id = serializers.SerializerMethodField()
    name = serializers.CharField(source="account.display_name", read_only=True)
    components = serializers.SerializerMethodField()

    class Meta:
        model = Score
        fields = [
            *("account", "external_id", "name", "position", "rank", "previous_rank", "total", "low", "high"),
            *("completeness", "components"),
        ]
        read_only_fields = fields

    def get_external_id(self, score: Score) -> str | None:
        references = sorted(score.account.references.all(), key=lambda r: (r.source, r.external_id))
        return references[0].external_id if references else None

    def get_components(self, score: Score) -> list[dict[str, Any]]:
        parts = components(score, self.context["run"].weights, self.context["items"])
        return [dict(ComponentSerializer(part).data) for part in parts]


class RatingSerializer(serializers.ModelSerializer[Rating]):
    """One person's rating of an account by a criterion."""

    criterion = serializers.CharField(source="criterion.code", read_only=True)
    value = serializers.DecimalField(
        max_digits=3, decimal_places=1, coerce_to_string=False, allow_null=True, read_only=True
    )

    class Meta:
        model = Rating
        fields = [
            *("id", "account", "criterion", "rater", "round", "value", "not_applicable", "note"),
            *("evidence_url", "rated_on", "carried_from", "submitted_at", "version"),
        ]
        read_only_fields = fields


class RatingInput(Body):
    """A cell: the account by id or external id, the criterion by code, and a value or «not applicable»."""

    account = serializers.UUIDField(required=False)
    external_id = serializers.CharField(max_length=120, required=False)
    criterion = serializers.SlugField(max_length=50)
    value = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True, required=False)
    not_applicable = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    evidence_url = serializers.URLField(max_length=200, required=False, allow_blank=True, default="")
    rated_on = serializers.DateField(required=False)


class RatingsInput(Body):
    ratings = serializers.ListField(child=RatingInput(), allow_empty=False, max_length=1000)
    round = serializers.UUIDField(required=False)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """Who became a key account, by whom, why and when."""

    conversation = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = [
            *("id", "account", "run", "state", "reason", "expectations_internal", "expectations_external"),
            *("kam", "proposed_by", "decided_by", "decided_at", "valid_from", "ended_on", "review_on"),
            *("capacity_reason", "conversation", "version", "created_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(ConversationSerializer(allow_null=True))
    def get_conversation(self, decision: Decision) -> Any:
        """Return what is known of the conversation; null as long as nobody has approved."""
        return conversation_data(decision) if decision.valid_from else None


class ProposalInput(Body):
    """A run, whose accounts above the line are proposed, or one account."""

    run = serializers.UUIDField(required=False)
    account = serializers.UUIDField(required=False)
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class ApprovalInput(Body):
    reason = serializers.CharField(max_length=4000)
    kam = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    expectations_internal = serializers.CharField(
        max_length=8000, required=False, allow_blank=True, default=""
    )
    expectations_external = serializers.CharField(
        max_length=8000, required=False, allow_blank=True, default=""
    )
    capacity_reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ReasonInput(Body):
    reason = serializers.CharField(max_length=4000)


class BacktestSerializer(serializers.ModelSerializer[Backtest]):
    """A back-test; ``result`` is empty until its job has ended."""

    result = serializers.DictField(
        read_only=True,
        help_text="``ratings`` counts those used, and those of them recorded after the day but dated back",
    )
    state = serializers.CharField(source="job.state", default="succeeded", read_only=True)

    class Meta:
        model = Backtest
        fields = [
            *("id", "model", "as_of", "outcome", "horizon_days", "top", "state", "result", "job"),
            *("created_at", "finished_at"),
        ]
        read_only_fields = fields


class BacktestInput(Body):
    model = serializers.UUIDField()
    as_of = serializers.DateField()
    outcome = serializers.ChoiceField(choices=Backtest.Outcome.values)
    horizon_days = serializers.IntegerField(min_value=1, max_value=3650, required=False, default=180)
    top = serializers.IntegerField(min_value=1, max_value=100_000, required=False, default=20)


class RoundSerializer(serializers.ModelSerializer[RatingRound]):
    """Who rates what until when."""

    criteria: serializers.Field[Any, Any, Any, Any] = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )

    class Meta:
        model = RatingRound
        fields = ["id", "name", "criteria", "raters", "due_on", "closed_at", "version", "created_at"]
        read_only_fields = fields


class RoundInput(Body):
    name = serializers.CharField(max_length=80)
    criteria = serializers.ListField(
        child=serializers.SlugField(max_length=50), allow_empty=False, max_length=15
    )
    raters = RelatedList(
        child_relation=serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    )
    due_on = serializers.DateField(required=False, allow_null=True)
    with_last = serializers.BooleanField(
        required=False, default=False, help_text="propose to each rater what she said last"
    )


class DifferenceSerializer(serializers.Serializer[Any]):
    account = serializers.UUIDField(source="account.pk")
    name = serializers.CharField(source="account.display_name")
    lowest = serializers.FloatField()
    highest = serializers.FloatField()
    raters = serializers.IntegerField()


class AgreementSerializer(serializers.Serializer[Any]):
    """How far the raters of a round agree by one criterion."""

    criterion = serializers.CharField(source="criterion.code")
    alpha = serializers.FloatField(allow_null=True)
    reading = serializers.ChoiceField(choices=["good", "tentative", "poor", "undefined"])
    words = serializers.CharField()
    raters = serializers.IntegerField()
    accounts = serializers.IntegerField()
    differences = DifferenceSerializer(many=True)


class RaterProgressSerializer(serializers.Serializer[Any]):
    """How far one rater of a round is; ``filled`` counts cells by the code of the criterion."""

    rater = serializers.UUIDField(source="rater.pk")
    name = serializers.CharField(source="rater.name")
    handed_in = serializers.BooleanField()
    accounts = serializers.IntegerField(help_text="accounts the rater sees, so the cells of each criterion")
    filled = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_filled(self, progress: Any) -> dict[str, int]:
        return {criterion.code: n for criterion, n in progress.filled}
