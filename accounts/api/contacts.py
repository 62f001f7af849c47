"""People at accounts over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import contacts as actions
from accounts.filters import ContactFilters
from accounts.models import Contact
from accounts.permissions import caller
from accounts.serializers import AccountNameSerializer, ContactChange, ContactInput, ContactSerializer
from kam.lib.api.views import ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.policy import WORKERS, Policy


class ContactResource(ResourceView):
    serializer_class = ContactSerializer
    expandable = {"account": (AccountNameSerializer, "with_account")}

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        return Contact.objects.with_addresses().visible_to(user)

    def represent(self, row: Any) -> Any:
        fresh = Contact.objects.with_addresses().get(pk=row.pk)
        return ContactSerializer(fresh, context=self.get_serializer_context()).data


class ContactList(ContactResource, ListView):
    """People at the accounts the caller sees."""

    policy = Policy(write=WORKERS, scope="accounts")
    filterset_class = ContactFilters
    orderings = {"name": ("sort_key",), "-created": ("-id",), "-updated": ("-updated_at",)}

    @extend_schema(request=ContactInput, responses={201: ContactSerializer})
    def post(self, request: Request) -> Response:
        """Create a person."""
        data = ContactInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        account = data.validated_data["account"]
        contact = actions.create_contact(account, values=data.values(), by=caller(request))
        return Response(self.represent(contact), status=201, headers={"ETag": etag(contact)})


class ContactDetail(ContactResource, ObjectView):
    """One person."""

    policy = Policy(write=WORKERS, about="contact", scope="accounts")

    @extend_schema(request=ContactChange, responses=ContactSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        """Change fields; ``emails`` and ``phones`` replace the former lists."""
        contact = self.get_object()
        data = ContactChange(contact, request.data, partial=True, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        version = expected_version(request)
        actions.update_contact(contact, values=data.values(), by=caller(request), expected_version=version)
        return Response(self.represent(contact), headers={"ETag": etag(contact)})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        """Delete a person with all addresses."""
        actions.delete_contact(
            self.get_object(), by=caller(request), expected_version=expected_version(request)
        )
        return Response(status=204)
