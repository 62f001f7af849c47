"""Our own sites over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import sites as actions
from accounts.models import OwnSite
from accounts.permissions import caller
from accounts.serializers import OwnSiteInput, OwnSiteSerializer
from kam.lib.api.views import ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.policy import LEADERS, Policy


class OwnSiteResource(ResourceView):
    serializer_class = OwnSiteSerializer

    def queryset_for(self, user: Any) -> QuerySet[OwnSite]:
        return OwnSite.objects.visible_to(user)


class OwnSiteList(OwnSiteResource, ListView):
    """Where the company is itself; distances of accounts are computed from here."""

    policy = Policy(write=LEADERS, scope="accounts")
    orderings = {"name": ("name",)}

    @extend_schema(request=OwnSiteInput, responses={201: OwnSiteSerializer})
    def post(self, request: Request) -> Response:
        """Write down a site."""
        data = OwnSiteInput(data=request.data)
        data.is_valid(raise_exception=True)
        site = actions.create_site(values=dict(data.validated_data), by=caller(request))
        return Response(self.represent(site), status=201, headers={"ETag": etag(site)})


class OwnSiteDetail(OwnSiteResource, ObjectView):
    """One site."""

    policy = Policy(write=LEADERS, about="own_site", scope="accounts")

    @extend_schema(request=OwnSiteInput, responses=OwnSiteSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        """Change a site; ``closed_on`` takes it out of later distances."""
        site = self.get_object()
        data = OwnSiteInput(site, request.data, partial=True)
        data.is_valid(raise_exception=True)
        values, version = dict(data.validated_data), expected_version(request)
        actions.update_site(site, values=values, by=caller(request), expected_version=version)
        return Response(self.represent(site), headers={"ETag": etag(site)})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        """Remove a site as if it had never been there."""
        actions.delete_site(self.get_object(), by=caller(request), expected_version=expected_version(request))
        return Response(status=204)
