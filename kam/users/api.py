"""Who is calling, and who else works here."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView, ListView
from kam.users.models import User
from kam.users.policy import Policy
from kam.users.serializers import UserSerializer


class Me(ApiView):
    """The caller, the scopes of her key and the limits."""

    policy = Policy()

    @extend_schema(
        responses=inline_serializer(
            "Me",
            {
                "user": UserSerializer(),
                "scopes": serializers.ListField(child=serializers.CharField()),
                "limits": serializers.DictField(),
            },
        )
    )
    def get(self, request: Request) -> Response:
        scopes = getattr(request.auth, "scopes", ["all"])
        return Response(
            {"user": UserSerializer(request.user).data, "scopes": scopes, "limits": settings.API_LIMITS}
        )


class UserList(ListView):
    """Colleagues, by name."""

    policy = Policy(scope="users")
    serializer_class = UserSerializer
    orderings = {"name": ("name",)}

    def queryset_for(self, user: Any) -> QuerySet[User]:
        return User.objects.visible_to(user)
