"""How sure a ranking is, as JSON."""

from typing import Any

from rest_framework import serializers


class FlipSerializer(serializers.Serializer[Any]):
    """The smallest change of one rating that takes an account across the line."""

    criterion = serializers.CharField()
    current = serializers.FloatField(allow_null=True, help_text="null: not rated")
    needed = serializers.IntegerField()
    enters = serializers.BooleanField()


class CertaintySerializer(serializers.Serializer[Any]):
    """How firm an account's place is."""

    account = serializers.UUIDField()
    external_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    rank = serializers.IntegerField()
    total = serializers.FloatField()
    rank_low = serializers.IntegerField()
    rank_high = serializers.IntegerField()
    p_top = serializers.FloatField()
    margin = serializers.FloatField(allow_null=True)
    word = serializers.ChoiceField(choices=["firm_in", "grey", "firm_out"])
    central_weights = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="mean of the weights that put it above the line, in the order of weights; null: none do",
    )
    before = serializers.IntegerField(help_text="accounts it beats with every weighting that keeps the order")
    behind = serializers.IntegerField(help_text="accounts that beat it with every such weighting")
    behind_any = serializers.IntegerField(help_text="accounts that beat it whatever the weights at all")
    behind_accounts = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="the first three of those behind which it stands, as far as seen",
    )
    flip = FlipSerializer(allow_null=True)


class SwapSerializer(serializers.Serializer[Any]):
    """Who crosses the line; null where it is the line itself, or an account the caller does not see."""

    falls = serializers.UUIDField(allow_null=True)
    rises = serializers.UUIDField(allow_null=True)


class WeightIntervalSerializer(serializers.Serializer[Any]):
    """Between which weights of one criterion the same accounts stay above the line, the others in proportion."""

    criterion = serializers.CharField()
    name = serializers.CharField()
    weight = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    low_swap = SwapSerializer(allow_null=True)
    high_swap = SwapSerializer(allow_null=True)


class SmallestChangeSerializer(SwapSerializer):
    """The smallest relative change of one weight that lets somebody cross the line."""

    criterion = serializers.CharField()
    relative = serializers.FloatField(help_text="-0.2: a fifth less, the other weights as they are")
    weight = serializers.FloatField(help_text="its share then")


class StabilitySerializer(serializers.Serializer[Any]):
    """How sure a run is, and what would change it."""

    run = serializers.UUIDField()
    top = serializers.IntegerField(allow_null=True)
    seed = serializers.IntegerField()
    draws = serializers.IntegerField()
    ranked_draws = serializers.IntegerField(help_text="the first of the draws, in which ranks are counted")
    weights = WeightIntervalSerializer(many=True)
    smallest_change = SmallestChangeSerializer(allow_null=True)
    results = CertaintySerializer(many=True)
