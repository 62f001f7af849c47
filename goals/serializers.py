"""Goals, metrics, measurements and plans as JSON: ``…Serializer`` shows, ``…Input`` checks."""

from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from accounts.serializers import InputSerializer
from goals.actions.goals import EDITABLE
from goals.actions.metrics import EDITABLE as METRIC_FIELDS
from goals.models import (
    VALUE,
    BetaLimits,
    CostRates,
    Goal,
    GoalTarget,
    HealthMonth,
    Measurement,
    Metric,
    Milestone,
)
from goals.status import STATES
from kam.lib.api.bodies import Body

# Short names people try first; they mean the same fields.
SHORT = {"start": "start_value", "target": "target_value", "due": "due_on"}


class MetricSerializer(serializers.ModelSerializer[Metric]):
    basis = serializers.CharField(read_only=True)

    class Meta:
        model = Metric
        fields = ["id", "account", *METRIC_FIELDS, "version", "created_at", "updated_at"]
        read_only_fields = fields


class MetricInput(InputSerializer):
    """What may be written; a metric bound to a fact may leave out name, unit and direction."""

    basis = serializers.CharField(max_length=5, required=False, help_text="net or gross")

    class Meta:
        model = Metric
        fields = ["account", *METRIC_FIELDS]
        extra_kwargs = {"name": {"required": False}, "direction": {"required": False}}
        validators: list[Any] = []


class MetricChange(MetricInput):
    class Meta(MetricInput.Meta):
        fields = list(METRIC_FIELDS)


class MeasurementSerializer(serializers.ModelSerializer[Measurement]):
    class Meta:
        model = Measurement
        fields = ["id", "metric", "measured_on", "value", "source", "note", "created_at", "updated_at"]
        read_only_fields = fields


class MeasurementInput(InputSerializer):
    """A value of a day (today when no day is given); the same again changes nothing."""

    measured_on = serializers.DateField(required=False)

    class Meta:
        model = Measurement
        fields = ["measured_on", "value", "source", "note"]
        extra_kwargs = {"source": {"default": Measurement.Source.API}}
        validators: list[Any] = []

    def validate_source(self, source: str) -> str:
        if source == Measurement.Source.COMPUTED:
            message = gettext("Only the nightly job computes values.")
            raise serializers.ValidationError(message, code="computed")
        return source


class CostRatesSerializer(serializers.ModelSerializer[CostRates]):
    """What an hour of service costs, and the discount in percent that the policy allows on a line."""

    class Meta:
        model = CostRates
        fields = ["hourly_rate", "allowed_discount"]


class BetaLimitsSerializer(serializers.ModelSerializer[BetaLimits]):
    """For each account: programmes at once, and invitations in twelve months; more needs a reason."""

    class Meta:
        model = BetaLimits
        fields = ["at_once", "per_year"]


class HealthMonthSerializer(serializers.ModelSerializer[HealthMonth]):
    """Health 0 to 100 of the inputs that are known, and the known part of them, as of the end of a month."""

    class Meta:
        model = HealthMonth
        fields = ["id", "account", "as_of", "score", "completeness", "inputs"]
        fields += ["revenue_before", "revenue_after", "created_at"]
        read_only_fields = fields


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    class Meta:
        model = Milestone
        fields = ["id", "title", "due_on", "value", "done_at"]
        read_only_fields = fields


class EarlierTargetSerializer(serializers.ModelSerializer[GoalTarget]):
    class Meta:
        model = GoalTarget
        fields = ["target_value", "due_on", "reason", "changed_by", "created_at"]
        read_only_fields = fields


class GoalSerializer(serializers.ModelSerializer[Goal]):
    """A goal; its progress stands at ``progress/``."""

    class Meta:
        model = Goal
        fields = [
            "id",
            "account",
            *EDITABLE,
            "outcome",
            "closed_at",
            "worked_at",
            "checked_in_at",
            "version",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class GoalInput(InputSerializer):
    """What may be written. ``fact`` (with ``basis`` and ``window``) binds the goal to a metric computed nightly."""

    fact = serializers.CharField(max_length=40, required=False)
    basis = serializers.CharField(max_length=5, default="net", help_text="net or gross")
    window = serializers.CharField(max_length=8, default="12m")
    reason = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="why target or due day moved"
    )

    class Meta:
        model = Goal
        fields = ["account", *EDITABLE, "fact", "basis", "window", "reason"]
        extra_kwargs = {"start_on": {"required": False}}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            data = {SHORT.get(name, name): value for name, value in data.items()}
            self.initial_data = data
        return super().to_internal_value(data)

    def parsed(self) -> tuple[dict[str, Any], dict[str, str], str]:
        """Return the goal's fields, the fact it is measured by (empty without one), and the reason."""
        values = dict(self.validated_data)
        fact = {name: values.pop(name) for name in ("fact", "basis", "window") if name in values}
        return values, fact if fact.get("fact") else {}, values.pop("reason", "")


class GoalChange(GoalInput):
    class Meta(GoalInput.Meta):
        fields = [*EDITABLE, "fact", "basis", "window", "reason"]


class CheckInInput(Body):
    """What is said about a goal; leave out what is not meant."""

    value = serializers.DecimalField(**VALUE, required=False, help_text="of a metric that people type in")
    on = serializers.DateField(required=False, help_text="the day of the value; default: today")
    verdict = serializers.ChoiceField(choices=Goal.Verdict.choices, required=False, allow_blank=True)
    confidence = serializers.ChoiceField(choices=Goal.Confidence.choices, required=False, allow_blank=True)
    cause = serializers.CharField(max_length=300, required=False, allow_blank=True)
    status_text = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """Progress 1 is the target; the pace gap is progress minus what was planned by now."""

    progress = serializers.FloatField(allow_null=True)
    elapsed = serializers.FloatField()
    pace_gap = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=list(STATES))
    planned = serializers.FloatField(allow_null=True)
    current = serializers.DecimalField(**VALUE, allow_null=True)
    measured_on = serializers.DateField(allow_null=True)
    stale = serializers.BooleanField()
