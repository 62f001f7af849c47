"""Merging over the API: try, merge, look, take apart."""

from typing import Any, cast

from django.db import transaction
from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import merges as actions
from accounts.merging.preview import preview
from accounts.models import AccountMerge
from accounts.permissions import EDITORS, caller
from accounts.serializers_merges import MergeAnswer, MergeInput, MergeSerializer, PreviewSerializer
from accounts.uuids import as_uuid
from kam.lib.api.filters import PAGING, refuse_unknown
from kam.lib.api.views import ListView, ObjectView
from kam.users.policy import Policy


class MergeResource:
    """What all addresses of merges share."""

    serializer_class = MergeSerializer

    def queryset_for(self, user: Any) -> QuerySet[AccountMerge]:
        return AccountMerge.objects.visible_to(user).defer("changes", "aside", "made")


class MergeList(MergeResource, ListView):
    """Accounts that became one, newest first."""

    policy = Policy(read=EDITORS, write=EDITORS, scope="accounts")
    orderings = {"-created": ("-created_at",)}

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        refuse_unknown(self.request, PAGING | {"account"})
        asked = self.request.query_params.get("account", "")
        if not asked:
            return queryset
        key = as_uuid(asked)
        return queryset.filter(Q(target=key) | Q(source=key)) if key else queryset.none()

    @extend_schema(parameters=[OpenApiParameter("account", str, description="either of the two")])
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(request=MergeInput, responses={200: MergeAnswer, 201: MergeAnswer, 202: MergeAnswer})
    def post(self, request: Request) -> Response:
        """Merge ``sources`` into ``target``, all or none. 202: at least one has many lines and goes on as a job.

        ``dry_run`` writes nothing and answers what would move, what collides and how that is settled. Afterwards
        addresses of a merged account answer 308 with that of the one that stays, for whoever sees it.
        """
        data = MergeInput(data=request.data, context={"request": request})
        data.is_valid(raise_exception=True)
        values, by = data.validated_data, caller(request)
        target, chosen = values["target"], values.get("choices", {})
        if values["dry_run"]:
            previews = [preview(target, source, by=by, chosen=chosen) for source in values["sources"]]
            return Response({"dry_run": True, "previews": PreviewSerializer(previews, many=True).data})
        with transaction.atomic():
            made = [actions.merge_accounts(target, one, by=by, fields=chosen) for one in values["sources"]]
        status = 201 if all(merge.state == AccountMerge.State.MERGED for merge in made) else 202
        return Response({"dry_run": False, "merges": MergeSerializer(made, many=True).data}, status=status)


class MergeDetail(MergeResource, ObjectView):
    """One merge with its counts and, after an undo, what stayed as it was."""

    policy = Policy(read=EDITORS, about="merge", scope="accounts")


class MergeUndo(MergeResource, ObjectView):
    """Takes two accounts apart again."""

    policy = Policy(read=(), write=EDITORS, about="merge", scope="accounts")
    http_method_names = ["post", "options"]

    @extend_schema(request=None, responses={200: MergeSerializer, 202: MergeSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """What people changed since stays changed and is named under ``kept``; 409 where it is too late."""
        merge = actions.undo_merge(cast(AccountMerge, self.get_object()), by=caller(request))
        status = 200 if merge.state == AccountMerge.State.UNDONE else 202
        return Response(MergeSerializer(merge).data, status=status)
