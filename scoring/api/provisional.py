"""Where one account would stand with its ratings of today, over the API."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from kam.lib.api.views import ApiView
from kam.users.policy import Policy
from scoring.api.runs import run_by_id
from scoring.provisional import provisional

PROVISIONAL = inline_serializer(
    "ProvisionalScore",
    {
        "run": serializers.UUIDField(),
        "account": serializers.UUIDField(),
        "total": serializers.FloatField(),
        "rank": serializers.IntegerField(),
        "before_total": serializers.FloatField(allow_null=True),
        "before_rank": serializers.IntegerField(allow_null=True),
        "has_changed": serializers.BooleanField(),
    },
)


class ProvisionalScore(ApiView):
    """An account's total and rank against a run as they would be with the ratings of today; nothing is stored."""

    policy = Policy(about="ranked_account", scope="scoring")

    @extend_schema(responses=PROVISIONAL)
    def get(self, request: Request, pk: Any, account: Any) -> Response:
        run = run_by_id(pk, request.user)
        found = provisional(get_object_or_404(Account.objects.visible_to(request.user), pk=account), run)
        if found is None:
            raise Http404
        return Response(
            {
                "run": run.pk,
                "account": found.account.pk,
                "total": found.total,
                "rank": found.rank,
                "before_total": found.before_total,
                "before_rank": found.before_rank,
                "has_changed": found.has_changed,
            }
        )
