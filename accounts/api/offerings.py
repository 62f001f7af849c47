"""Offerings over the API."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import offerings as actions
from accounts.amounts import amount_text
from accounts.filters import OfferingFilters
from accounts.models import Offering
from accounts.offering_sales import NOTHING, sales_by_offering
from accounts.permissions import CATALOGUE, caller
from accounts.serializers import OfferingInput, OfferingSerializer
from accounts.windows import parse_window
from kam.lib.api.views import ApiView, ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.policy import Policy

SALES: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "offering": serializers.UUIDField(),
    "as_of": serializers.DateField(),
    "window": serializers.CharField(),
    "revenue": serializers.DecimalField(max_digits=18, decimal_places=4, help_text="net of reversals"),
    "growth": serializers.FloatField(allow_null=True, help_text="against the window before: 0.1 is 10%"),
    "accounts": serializers.IntegerField(help_text="accounts buying"),
    "last_sold_on": serializers.DateField(allow_null=True),
}


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


class OfferingSalesView(ApiView):
    """What an offering, or a group, brought in up to today, from the accounts the caller sees."""

    policy = Policy(about="offering", scope="accounts")
    parameters = frozenset({"window"})

    @extend_schema(
        parameters=[OpenApiParameter("window", description="12m (default), 6m, 3m, all or days: 90d")],
        responses=inline_serializer("OfferingSales", SALES),
    )
    def get(self, request: Request, pk: Any) -> Response:
        offering = get_object_or_404(Offering.objects.visible_to(request.user), pk=pk)
        window, today = parse_window(request.query_params.get("window", "12m")), timezone.localdate()
        sales = sales_by_offering(request.user, window, today).get(offering.pk, NOTHING)
        return Response(
            {
                "offering": offering.pk,
                "as_of": today,
                "window": window.name,
                "revenue": amount_text(sales.revenue),
                "growth": sales.growth,
                "accounts": sales.accounts,
                "last_sold_on": sales.last_on,
            }
        )
