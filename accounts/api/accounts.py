"""Accounts over the API: list, create, one, upsert by external id, many at once, the team."""

from typing import Any, cast

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import accounts as actions
from accounts.actions.bulk import write_rows
from accounts.actions.team import set_team
from accounts.filters import AccountFilters
from accounts.models import Account, AccountReference
from accounts.permissions import EDITORS, caller
from accounts.querysets import AccountQuerySet
from accounts.serializers import (
    AccountInput,
    AccountNameSerializer,
    AccountSerializer,
    BulkInput,
    TeamInput,
    TeamMemberSerializer,
    TeamSerializer,
)
from kam.lib.api.views import ApiView, ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.policy import MANAGERS, Policy
from kam.users.serializers import UserSerializer


class AccountResource(ResourceView):
    """What list and detail share: fields, expansion, and that a parent out of reach stays unnamed."""

    serializer_class = AccountSerializer
    expandable = {
        "owner": (UserSerializer, "with_owner"),
        "kam": (UserSerializer, "with_kam"),
        "team": (TeamSerializer, "with_team"),
        "parent": (AccountNameSerializer, "all"),
    }

    def queryset_for(self, user: Any) -> AccountQuerySet:
        return Account.objects.visible_to(user).with_references()

    def get_queryset(self) -> AccountQuerySet:
        queryset = cast(AccountQuerySet, super().get_queryset())
        if "parent" in self.wanted("expand", set(self.expandable)):
            seen = Account.objects.visible_to(self.request.user)
            queryset = queryset.prefetch_related(Prefetch("parent", queryset=seen))
        return queryset

    def answer(self, account: Account, status: int = 200) -> Response:
        return Response(self.represent(account), status=status, headers={"ETag": etag(account)})

    @transaction.atomic
    def change(self, account: Account, data: AccountInput, request: Request) -> None:
        """Write the fields that were sent, on the version that the caller has seen."""
        values, external_ids = data.parsed()
        version = expected_version(request)
        actions.update_account(account, values=values, by=caller(request), expected_version=version)
        if external_ids:
            actions.add_external_ids(account, external_ids=external_ids, by=caller(request))

    def represent(self, row: Any) -> Any:
        return AccountSerializer(row, context=self.get_serializer_context()).data


class AccountList(AccountResource, ListView):
    """Accounts the caller sees."""

    policy = Policy(write=EDITORS, scope="accounts")
    filterset_class = AccountFilters
    orderings = {
        "name": ("sort_key",),
        "-name": ("-sort_key",),
        "-created": ("-id",),
        "created": ("id",),
        "-updated": ("-updated_at",),
        "updated": ("updated_at",),
        "-revenue": ("-recent_units",),
        "revenue": ("recent_units",),
    }

    def get_queryset(self) -> AccountQuerySet:
        """Revenue is net, of the year up to today; it is summed up only for who orders by it."""
        queryset = super().get_queryset()
        asked = self.request.query_params
        if asked.get("q", "").strip():
            queryset = queryset.with_former_name(asked["q"])
        by_revenue = asked.get("order") in ("revenue", "-revenue")
        return queryset.with_recent_units(timezone.localdate()) if by_revenue else queryset

    @extend_schema(request=AccountInput, responses={201: AccountSerializer})
    def post(self, request: Request) -> Response:
        """Create an account."""
        data = AccountInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values, external_ids = data.parsed()
        account = actions.create_account(values=values, external_ids=external_ids, by=caller(request))
        return self.answer(account, status=201)


class AccountDetail(AccountResource, ObjectView):
    """One account."""

    policy = Policy(write=EDITORS, about="account", scope="accounts")

    @extend_schema(request=AccountInput, responses=AccountSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        """Change fields; send the ETag as If-Match to change only what you have seen."""
        account = self.get_object()
        data = AccountInput(account, request.data, partial=True, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        self.change(account, data, request)
        return self.answer(self.get_object())

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: Any) -> Response:
        """Delete an account without sales and subsidiaries; archive others with ``status``."""
        actions.delete_account(
            self.get_object(), by=caller(request), expected_version=expected_version(request)
        )
        return Response(status=204)


class AccountByExternalId(AccountResource):
    """One account by the id another system gave it."""

    policy = Policy(write=EDITORS, about="external_account", scope="accounts")

    @extend_schema(responses=AccountSerializer)
    def get(self, request: Request, source: str, external_id: str) -> Response:
        account = self.get_queryset().known_as(external_id, source).first()
        if account is None:
            raise Http404
        return self.answer(account)

    @extend_schema(request=AccountInput, responses={200: AccountSerializer, 201: AccountSerializer})
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """Create the account (201) or change the fields that are sent (200)."""
        account = self.get_queryset().known_as(external_id, source).first()
        if (
            account is None
            and AccountReference.objects.filter(source=source, external_id=external_id).exists()
        ):
            raise Http404  # it exists, but not for this caller
        context = self.get_serializer_context()
        data = AccountInput(account, request.data, partial=account is not None, context=context)
        data.is_valid(raise_exception=True)
        if account is not None:
            self.change(account, data, request)
            return self.answer(self.get_queryset().get(pk=account.pk))
        values, external_ids = data.parsed()
        ids = [(source, external_id), *external_ids]
        made = actions.create_account(values=values, external_ids=ids, by=caller(request))
        return self.answer(made, status=201)


BULK_ROW = inline_serializer(
    "BulkRow",
    {
        "index": serializers.IntegerField(),
        "status": serializers.IntegerField(),
        "id": serializers.UUIDField(allow_null=True),
        "created": serializers.BooleanField(),
        "errors": serializers.ListField(child=serializers.DictField()),
    },
    many=True,
)
BULK_RESULT = inline_serializer("BulkResult", {"committed": serializers.BooleanField(), "results": BULK_ROW})


class AccountBulk(ApiView):
    """Up to 500 accounts in one request."""

    policy = Policy(read=(), write=EDITORS, scope="accounts")

    @extend_schema(request=BulkInput, responses={200: BULK_RESULT, 207: BULK_RESULT})
    def post(self, request: Request) -> Response:
        """Create, update or upsert rows; the answer tells the outcome of each (207 when some failed)."""
        data = BulkInput(data=request.data)
        data.is_valid(raise_exception=True)
        options = dict(data.validated_data)
        rows = [_parsed(row, request) for row in options.pop("rows")]
        outcome = write_rows(rows, by=caller(request), **options)
        body = {"committed": outcome.committed, "results": [row.as_json() for row in outcome.rows]}
        return Response(body, status=200 if outcome.is_clean else 207)


def _parsed(row: dict[str, Any], request: Request) -> Any:
    data = AccountInput(data=row, partial=True, context={"request": request})
    if not data.is_valid():
        return data.errors
    return data.parsed()


class AccountTeam(ResourceView):
    """Who is on the account's team, with which function."""

    policy = Policy(write=MANAGERS, about="account", scope="accounts")
    serializer_class = TeamMemberSerializer
    pagination_class = None

    def queryset_for(self, user: Any) -> QuerySet[Account]:
        return Account.objects.visible_to(user)

    @extend_schema(responses=TeamMemberSerializer(many=True))
    def get(self, request: Request, pk: Any) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=TeamInput, responses=TeamMemberSerializer(many=True))
    def put(self, request: Request, pk: Any) -> Response:
        """Replace the team."""
        account = self.get_object()
        data = TeamInput(data=request.data, context={"request": request})
        data.is_valid(raise_exception=True)
        members = [(row["user"], row["function"]) for row in data.validated_data["members"]]
        set_team(account, members=members, by=caller(request), expected_version=expected_version(request))
        return self._answer(account)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def _answer(self, account: Account) -> Response:
        members = account.team_members.select_related("user").order_by("function", "user__name")
        return Response(TeamMemberSerializer(members, many=True).data, headers={"ETag": etag(account)})
