"""Scenarios and their comparison as JSON."""

from typing import Any

from rest_framework import serializers

from kam.lib.api.bodies import Body
from scoring.models import Scenario
from scoring.scenarios import Comparison, Move, Outcome, has_moved


class ScenarioSerializer(serializers.ModelSerializer[Scenario]):
    """A scenario; ``weights`` are per cent in the order of ``criteria``, ``cut`` a rank or a total as ``cut_kind``
    says. ``baseline_changed``: another version is in use by now; compare, then carry over.
    """

    weights = serializers.ListField(child=serializers.FloatField(), read_only=True)
    criteria = serializers.SerializerMethodField()
    cut = serializers.FloatField(source="cut_value", read_only=True)
    cut_kind = serializers.CharField(source="model.cut_kind", read_only=True)
    baseline = serializers.CharField(source="model.__str__", read_only=True)
    baseline_changed = serializers.SerializerMethodField()

    class Meta:
        model = Scenario
        fields = [
            *(
                "id",
                "name",
                "model",
                "baseline",
                "baseline_changed",
                "criteria",
                "weights",
                "cut_kind",
                "cut",
            ),
            *("note", "state", "created_by", "proposed_by", "proposed_at", "decided_by", "decided_at"),
            *("reason", "result", "version", "created_at", "updated_at"),
        ]
        read_only_fields = fields

    def get_criteria(self, scenario: Scenario) -> list[str]:
        return [item.criterion.code for item in scenario.model.items.all()]

    def get_baseline_changed(self, scenario: Scenario) -> bool:
        return has_moved(scenario)


class ScenarioInput(Body):
    """A weighting under a name; without a model it stands on the version in use."""

    name = serializers.CharField(max_length=80)
    model = serializers.UUIDField(required=False)
    weights = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=100), allow_empty=False, max_length=15
    )
    cut = serializers.FloatField(required=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class ScenarioChange(Body):
    """What changes; the rest stays."""

    name = serializers.CharField(max_length=80, required=False)
    weights = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=100),
        allow_empty=False,
        max_length=15,
        required=False,
    )
    cut = serializers.FloatField(required=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class DecisionOnScenario(Body):
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class PlaceSerializer(serializers.Serializer[Any]):
    """An account's place under a weighting; ``before`` is its rank under the version the scenario stands on."""

    account = serializers.UUIDField(source="account_id")
    name = serializers.CharField()
    rank = serializers.IntegerField()
    before = serializers.IntegerField()
    change = serializers.IntegerField()
    total = serializers.FloatField()
    high = serializers.FloatField()
    is_in = serializers.BooleanField()
    is_near = serializers.BooleanField()


class SideSerializer(serializers.Serializer[Any]):
    """One weighting with the run its ranking is computed over."""

    scenario = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    model = serializers.UUIDField()
    run = serializers.UUIDField()
    as_of = serializers.DateField()
    weights = serializers.DictField(child=serializers.FloatField())
    beyond = serializers.IntegerField(help_text="accounts of the run below the first 5,000, not looked at")


class RankingSerializer(SideSerializer):
    results = PlaceSerializer(many=True)


class MoveSerializer(serializers.Serializer[Any]):
    account = serializers.UUIDField(source="account_id")
    name = serializers.CharField()
    left_rank = serializers.IntegerField(allow_null=True)
    right_rank = serializers.IntegerField(allow_null=True)
    change = serializers.IntegerField(allow_null=True)
    enters = serializers.BooleanField()
    leaves = serializers.BooleanField()


class ComparisonSerializer(serializers.Serializer[Any]):
    left = SideSerializer()
    right = SideSerializer()
    results = MoveSerializer(many=True)


def ranking_body(found: Outcome) -> dict[str, Any]:
    """Return a weighting's ranking as the API answers it."""
    return {**_side(found), "results": PlaceSerializer(found.rows, many=True).data}


def comparison_body(found: Comparison) -> dict[str, Any]:
    """Return two weightings side by side as the API answers them."""
    return {
        "left": _side(found.left),
        "right": _side(found.right),
        "results": [_move(move) for move in found.moves],
    }


def _side(found: Outcome) -> dict[str, Any]:
    weights = {item.criterion.code: share for item, share in zip(found.items, found.shares, strict=True)}
    side = {
        "scenario": found.scenario.pk if found.scenario else None,
        "name": str(found),
        "model": found.model.pk,
        "run": found.run.pk,
        "as_of": found.run.as_of,
        "weights": weights,
        "beyond": found.beyond,
    }
    return dict(SideSerializer(side).data)


def _move(move: Move) -> dict[str, Any]:
    return {
        "account": str(move.account_id),
        "name": move.name,
        "left_rank": move.left.rank if move.left else None,
        "right_rank": move.right.rank if move.right else None,
        "change": move.change,
        "enters": move.enters,
        "leaves": move.leaves,
    }
