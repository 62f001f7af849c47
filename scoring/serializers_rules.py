"""What a rule would do, as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kam.lib.api.bodies import Body
from scoring.serializers import BASES


class RulePreviewInput(Body):
    """A fact, the window and basis it is read with, and the rule that rates it."""

    fact = serializers.CharField(max_length=40)
    rule = serializers.DictField()
    window = serializers.CharField(max_length=8, required=False, default="all")
    basis = serializers.ChoiceField(choices=BASES, required=False, default="net")
    as_of = serializers.DateField(required=False, help_text="default: today")


class HistogramSerializer(serializers.Serializer[Any]):
    """``counts[i]`` accounts lie between ``edges[i]`` and ``edges[i + 1]``."""

    edges = serializers.ListField(child=serializers.FloatField())
    counts = serializers.ListField(child=serializers.IntegerField())


class OutliersSerializer(serializers.Serializer[Any]):
    """Accounts beyond 1.5 interquartile ranges, and where that is (null without any value)."""

    low = serializers.IntegerField(source="outliers_low")
    high = serializers.IntegerField(source="outliers_high")
    fence_low = serializers.FloatField(allow_null=True)
    fence_high = serializers.FloatField(allow_null=True)


class RatingCountSerializer(serializers.Serializer[Any]):
    rating = serializers.IntegerField()
    accounts = serializers.IntegerField()


class RulePreviewSerializer(serializers.Serializer[Any]):
    """The portfolio behind a rule, and the ratings from 1 to 10 that follow, rounded."""

    rule = serializers.DictField(help_text="with every default filled in")
    unit = serializers.CharField()
    as_of = serializers.DateField()
    accounts = serializers.IntegerField(help_text="accounts with orders")
    rated = serializers.IntegerField()
    missing = serializers.IntegerField(source="facts.missing", help_text="accounts without a value")
    bounds = serializers.SerializerMethodField()
    histogram = HistogramSerializer(source="facts")
    outliers = OutliersSerializer(source="facts")
    ratings = serializers.SerializerMethodField()
    warnings = serializers.ListField(child=serializers.CharField(), help_text="in the caller's language")

    def get_bounds(self, shown: Any) -> list[float] | None:
        """Return what stands for 1 and 10, null for rules without bounds."""
        bounds: list[float] | None = shown.context.get("bounds")
        return bounds

    @extend_schema_field(RatingCountSerializer(many=True))
    def get_ratings(self, shown: Any) -> list[dict[str, int]]:
        return [{"rating": rating, "accounts": count} for rating, count in shown.ratings]
