"""Offerings over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import offerings as actions
from accounts.filters import OfferingFilters
from accounts.models import Offering
from accounts.permissions import CATALOGUE, caller
from accounts.serializers import OfferingInput, OfferingSerializer
from kam.lib.api.views import ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.policy import Policy


class OfferingResource(ResourceView):
    serializer_class = OfferingSerializer
    expandable = {"parent": (OfferingSerializer, "with_group")}

    def queryset_for(self, user: Any) -> QuerySet[Offering]:
        return Offering.objects.visible_to(user)

    def represent(self, row: Any) -> Any:
        return OfferingSerializer(row, context=self.get_serializer_context()).data


class OfferingList(OfferingResource, ListView):
    """What the company sells."""

    policy = Policy(write=CATALOGUE, scope="accounts")
    filterset_class = OfferingFilters
    orderings = {"code": ("code",), "name": ("name",), "-updated": ("-updated_at",)}

    @extend_schema(request=OfferingInput, responses={201: OfferingSerializer})
    def post(self, request: Request) -> Response:
        """Create an offering, or a group when it has no parent."""
        data = OfferingInput(data=request.data)
        data.is_valid(raise_exception=True)
        offering = actions.create_offering(values=dict(data.validated_data), by=caller(request))
        return Response(self.represent(offering), status=201, headers={"ETag": etag(offering)})


class OfferingDetail(OfferingResource, ObjectView):
    """One offering."""

    policy = Policy(write=CATALOGUE, about="offering", scope="accounts")

    @extend_schema(request=OfferingInput, responses=OfferingSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        """Change an offering."""
        offering = self.get_object()
        data = OfferingInput(offering, request.data, partial=True)
        data.is_valid(raise_exception=True)
        values, version = dict(data.validated_data), expected_version(request)
        actions.update_offering(offering, values=values, by=caller(request), expected_version=version)
        return Response(self.represent(offering), headers={"ETag": etag(offering)})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        """Delete an offering that was never sold."""
        actions.delete_offering(
            self.get_object(), by=caller(request), expected_version=expected_version(request)
        )
        return Response(status=204)
