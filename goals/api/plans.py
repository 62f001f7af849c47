"""The plan of an account and its entries over the API."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account, Activity
from accounts.permissions import caller
from accounts.serializers import InputSerializer
from goals.actions import plans as actions
from goals.actions.plans import PLAN_FIELDS
from goals.actions.removed import remove_entry, removed_kind, restore_entry
from goals.entries import KINDS, EntryKind
from goals.models import Plan
from goals.permissions import can_edit_goals
from kam.lib.api.views import ApiView, etag, expected_version
from kam.lib.versions import check_version
from kam.users.policy import MANAGERS, WORKERS, Policy

READ_ONLY = {
    "promises": ["state", "closed_on"],
    "expectations": ["accepted_at", "accepted_by"],
    "opportunities": ["closed_on"],
}


class PlanSerializer(serializers.ModelSerializer[Plan]):
    shared = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Plan
        fields = ["id", "account", *PLAN_FIELDS, "shared", "version", "created_at", "updated_at"]
        read_only_fields = fields


class PlanInput(InputSerializer):
    shared = serializers.ListField(
        child=serializers.ChoiceField(choices=list(PLAN_FIELDS)),
        required=False,
        help_text="the texts that the customer may see",
    )

    class Meta:
        model = Plan
        fields = [*PLAN_FIELDS, "shared"]


class RemovedSerializer(serializers.Serializer[Any]):
    """What a removal leaves behind."""

    removed = serializers.UUIDField(help_text="the entry of the timeline that keeps what was removed")
    restore = serializers.CharField(help_text="POST there puts it back as it was")


def entry_serializer(kind: EntryKind, *, shown: bool) -> type[serializers.ModelSerializer[Any]]:
    """Return the serializer that shows, or the one that checks, one kind of entry."""
    name = f"{kind.model.__name__}{'' if shown else 'Input'}"
    fields = [*kind.fields]
    if shown:
        fields = [
            "id",
            "account",
            *fields,
            *READ_ONLY.get(kind.code, []),
            "version",
            "created_at",
            "updated_at",
        ]
    meta = type("Meta", (), {"model": kind.model, "fields": fields, "validators": []})
    base = serializers.ModelSerializer if shown else InputSerializer
    return type(name, (base,), {"Meta": meta})


class PlanDetail(ApiView):
    """Why, how and what of an account, and the purposes on both sides."""

    policy = Policy(write=MANAGERS, about="account", scope="goals")

    @extend_schema(responses=PlanSerializer)
    def get(self, request: Request, account: Any) -> Response:
        found = get_object_or_404(Account.objects.visible_to(request.user), pk=account)
        plan = Plan.objects.filter(account=found).first() or Plan(account=found)
        return Response(PlanSerializer(plan).data, headers={"ETag": etag(plan)})

    @extend_schema(request=PlanInput, responses=PlanSerializer)
    def patch(self, request: Request, account: Any) -> Response:
        """Write the plan; it is made on first use."""
        found = get_object_or_404(Account.objects.visible_to(request.user), pk=account)
        data = PlanInput(data=request.data, partial=True, context={"request": request})
        data.is_valid(raise_exception=True)
        version = expected_version(request)
        plan = actions.update_plan(
            found, values=dict(data.validated_data), by=caller(request), expected_version=version
        )
        return Response(PlanSerializer(plan).data, headers={"ETag": etag(plan)})

    def represent(self, row: Plan) -> Any:
        return PlanSerializer(row).data


class EntryView(ApiView):
    """Shared by the lists and the single entries; ``managers_only`` kinds have addresses of their own."""

    managers_only = False

    def kind(self, code: str) -> EntryKind:
        found = KINDS.get(code)
        if found is None or found.managers_only != self.managers_only:
            raise Http404
        return found

    def represent(self, row: Any) -> Any:
        kind = next(kind for kind in KINDS.values() if isinstance(row, kind.model))
        return entry_serializer(kind, shown=True)(row).data

    def checked(self, kind: EntryKind, request: Request, *, partial: bool) -> dict[str, Any]:
        data = entry_serializer(kind, shown=False)(
            data=request.data, partial=partial, context={"request": request}
        )
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)


class EntryList(EntryView):
    """Promises, procedures, projects, challenges or values of an account's plan."""

    policy = Policy(write=WORKERS, about="plan_of", scope="goals")

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: Any, kind: str) -> Response:
        found = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        rows = self.kind(kind).model.objects.filter(account=found)
        return Response({"results": [self.represent(row) for row in rows]})

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, pk: Any, kind: str) -> Response:
        found = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        chosen = self.kind(kind)
        values = self.checked(chosen, request, partial=False)
        row = actions.add_entry(chosen, found, values=values, by=caller(request))
        return Response(self.represent(row), status=201, headers={"ETag": etag(row)})


class GuardedEntryList(EntryList):
    """Expectations and years of an account's plan."""

    managers_only = True
    policy = Policy(write=MANAGERS, about="guarded_plan_of", scope="goals")


class EntryDetail(EntryView):
    """One entry of a plan."""

    policy = Policy(write=WORKERS, about="plan_entry", scope="goals")

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, kind: str, pk: Any) -> Response:
        row = get_object_or_404(self.kind(kind).model.objects.visible_to(request.user), pk=pk)
        return Response(self.represent(row), headers={"ETag": etag(row)})

    @extend_schema(request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
    def patch(self, request: Request, kind: str, pk: Any) -> Response:
        chosen = self.kind(kind)
        row = get_object_or_404(chosen.model.objects.visible_to(request.user), pk=pk)
        values, version = self.checked(chosen, request, partial=True), expected_version(request)
        changed = actions.change_entry(
            chosen, row, values=values, by=caller(request), expected_version=version
        )
        return Response(self.represent(changed), headers={"ETag": etag(changed)})

    @extend_schema(responses=RemovedSerializer)
    def delete(self, request: Request, kind: str, pk: Any) -> Response:
        """Take the entry out; the timeline keeps what it said, and a POST to ``restore`` puts it back."""
        chosen = self.kind(kind)
        row = get_object_or_404(chosen.model.objects.visible_to(request.user), pk=pk)
        check_version(row, expected_version(request))
        removed = remove_entry(chosen, row, by=caller(request))
        restore = reverse("api:removed_entry", args=[removed.pk])
        return Response(RemovedSerializer({"removed": removed.pk, "restore": restore}).data)


class GuardedEntryDetail(EntryDetail):
    """One expectation or year."""

    managers_only = True
    policy = Policy(write=MANAGERS, about="guarded_plan_entry", scope="goals")


class RemovedEntry(EntryView):
    """What was taken out of a plan, by the entry of the timeline whose verb ends in ``.removed``."""

    policy = Policy(read=(), write=WORKERS, about="removed_entry", scope="goals")

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, pk: Any) -> Response:
        """Put it back as it was; twice is the same. 409 where another entry stands in its place."""
        removed = get_object_or_404(
            Activity.objects.visible_to(request.user).select_related("account"), pk=pk
        )
        kind = removed_kind(removed)
        if kind is None:
            raise Http404
        if kind.managers_only and not can_edit_goals(caller(request)):
            raise PermissionDenied
        row = restore_entry(removed, by=caller(request))
        return Response(self.represent(row), headers={"ETag": etag(row)})
