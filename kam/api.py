"""The root of the API: what there is."""

from typing import Any

from django.urls import get_resolver, reverse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView
from kam.users.policy import Policy


class ApiRoot(ApiView):
    """Lists the resources with their addresses."""

    policy = Policy()

    @extend_schema(
        responses=inline_serializer(
            "Root", {"resources": serializers.DictField(child=serializers.URLField())}
        )
    )
    def get(self, request: Request) -> Response:
        return Response(
            {"resources": {name: request.build_absolute_uri(url) for name, url in _resources().items()}}
        )


def _resources() -> dict[str, Any]:
    """Return every named address of the API that has no variable part."""
    names = [
        name
        for name in get_resolver().namespace_dict["api"][1].reverse_dict
        if isinstance(name, str) and name != "root"
    ]
    found = {}
    for name in sorted(names):
        (_pattern, variables), *_rest = (
            get_resolver().namespace_dict["api"][1].reverse_dict.getlist(name)[0][0]
        )
        if not variables:
            found[name] = reverse(f"api:{name}")
    return found
