"""Today over the API: what needs the caller, and why."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView
from kam.users.policy import Policy
from reports.permissions import caller
from reports.queries.today import bands
from reports.queries.today_items import Band, Item

ITEM: dict[str, Any] = {
    "title": serializers.CharField(),
    "reason": serializers.CharField(help_text="why it stands here"),
    "account": serializers.UUIDField(allow_null=True),
    "due": serializers.CharField(help_text="in words, empty without a day"),
    "tone": serializers.CharField(help_text="neg: overdue or failed; warn: soon; empty"),
    "action": serializers.CharField(help_text="what there is to do"),
    "address": serializers.CharField(help_text="of the page where it is done"),
}
BAND: dict[str, Any] = {
    "code": serializers.CharField(help_text="now, follow, risks, week: the most urgent first"),
    "title": serializers.CharField(),
    "hint": serializers.CharField(),
    "count": serializers.IntegerField(help_text="how many there are; items are the first of them"),
    "items": inline_serializer("TodayItem", dict(ITEM), many=True),
}


class Today(ApiView):
    """What needs you today, each line with its reason, in your language; the most urgent band first."""

    policy = Policy(scope="reports")

    @extend_schema(
        responses=inline_serializer("Today", {"bands": inline_serializer("TodayBand", dict(BAND), many=True)})
    )
    def get(self, request: Request) -> Response:
        found = bands(caller(request), timezone.now(), timezone.localdate())
        return Response({"bands": [_band(band) for band in found]})


def _band(band: Band) -> dict[str, Any]:
    about = {name: str(getattr(band, name)) for name in ("code", "title", "hint")}
    return {**about, "count": band.count, "items": [_item(item) for item in band.items]}


def _item(item: Item) -> dict[str, Any]:
    said = {name: str(getattr(item, name)) for name in ("title", "reason", "due", "tone", "action")}
    return {**said, "account": item.account.pk if item.account else None, "address": item.action_url}
