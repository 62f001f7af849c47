"""Engagement beyond orders over the API; entries are logged as activities."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.amounts import amount_text
from accounts.models import Account, Engagement
from goals.engagements import engagement_year
from kam.lib.api.views import ApiView
from kam.users.policy import Policy


class EngagementKindSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Engagement.choices)
    count = serializers.IntegerField()
    before = serializers.IntegerField()


class EngagementSerializer(serializers.Serializer[Any]):
    """Index 0 to 100 = 50 · min(1, count / 12) + 50 · kinds / 5, over 365 days; revenue of the same days, net."""

    index = serializers.IntegerField()
    index_before = serializers.IntegerField()
    count = serializers.IntegerField()
    count_before = serializers.IntegerField()
    kinds = EngagementKindSerializer(many=True)
    revenue = serializers.CharField()
    revenue_before = serializers.CharField()


class AccountEngagement(ApiView):
    """What was done together beyond buying and selling; log one with POST /api/v1/activities/."""

    policy = Policy(about="account", scope="goals")

    @extend_schema(responses=EngagementSerializer)
    def get(self, request: Request, pk: Any) -> Response:
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        year = engagement_year(account, timezone.localdate())
        kinds = [
            {"kind": kind, "count": now, "before": before}
            for kind, (_label, now, before) in zip(Engagement.values, year.kinds, strict=True)
        ]
        return Response(
            {
                "index": year.index,
                "index_before": year.index_before,
                "count": year.count,
                "count_before": year.count_before,
                "kinds": kinds,
                "revenue": amount_text(year.revenue),
                "revenue_before": amount_text(year.revenue_before),
            }
        )
