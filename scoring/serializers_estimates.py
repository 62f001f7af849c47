"""Estimates as JSON."""

from typing import Any

from rest_framework import serializers

from kam.lib.api.bodies import Body
from scoring.actions.estimates import Statement
from scoring.models import AccountEstimate


class EstimateSerializer(serializers.ModelSerializer[AccountEstimate]):
    """A statement about an account with its source, confidence, who made it and when."""

    class Meta:
        model = AccountEstimate
        fields = [
            *("id", "account", "kind", "value", "rival_value", "source", "confidence", "note"),
            *("stated_on", "stated_by", "withdrawn_at", "version", "created_at"),
        ]
        read_only_fields = fields


class EstimateInput(Body):
    """One statement about the account named by ``account`` or ``external_id``."""

    account = serializers.UUIDField(required=False)
    external_id = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(choices=AccountEstimate.Kind.values)
    value = serializers.DecimalField(max_digits=18, decimal_places=4)
    rival_value = serializers.DecimalField(max_digits=6, decimal_places=2, required=False, allow_null=True)
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]  # our column, not where DRF reads
    confidence = serializers.ChoiceField(choices=AccountEstimate.Confidence.choices)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    stated_on = serializers.DateField(required=False, allow_null=True)


class EstimatesInput(Body):
    estimates = serializers.ListField(child=EstimateInput(), allow_empty=False, max_length=1000)


def statement_of(values: dict[str, Any]) -> Statement:
    """Return what a checked body says."""
    names = ("kind", "value", "source", "confidence", "rival_value", "note", "stated_on")
    return Statement(**{name: values[name] for name in names if name in values})
