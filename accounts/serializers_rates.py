"""Exchange rates as JSON."""

from rest_framework import serializers

from accounts.models import CurrencyRate
from kam.lib.api.bodies import Body


class CurrencyRateSerializer(serializers.ModelSerializer[CurrencyRate]):
    class Meta:
        model = CurrencyRate
        fields = ["id", "currency", "valid_from", "rate", "created_at", "updated_at"]
        read_only_fields = fields


class CurrencyRateInput(Body):
    currency = serializers.CharField(max_length=3, help_text="ISO 4217")
    valid_from = serializers.DateField()
    rate = serializers.DecimalField(
        max_digits=20, decimal_places=10, help_text="one unit in the reporting currency"
    )
