"""Playbooks over the API: written once, started for an account as tasks."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from accounts.permissions import caller
from accounts.serializers import VisibleRelated
from goals.actions.playbooks import (
    LATEST_DAY,
    Step,
    end_playbook,
    restore_playbook,
    retire_playbook,
    save_playbook,
    start_playbook,
)
from goals.filters import PlaybookFilters
from goals.models import Playbook, PlaybookRun, PlaybookStep
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView, ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.models import AccountFunction
from kam.users.policy import MANAGERS, WORKERS, Policy


class StepSerializer(serializers.ModelSerializer[PlaybookStep]):
    class Meta:
        model = PlaybookStep
        fields = ["position", "title", "day_offset", "function", "exit_criterion"]
        read_only_fields = fields


class PlaybookSerializer(serializers.ModelSerializer[Playbook]):
    steps = StepSerializer(many=True, read_only=True)

    class Meta:
        model = Playbook
        fields = ["id", "name", "purpose", "steps", "archived_at", "version", "created_at", "updated_at"]
        read_only_fields = fields


class StepInput(Body):
    """A step: due so many days after the start, for whoever has the function at the account."""

    title = serializers.CharField(max_length=200)
    day_offset = serializers.IntegerField(min_value=0, max_value=LATEST_DAY, default=0)
    function = serializers.ChoiceField(choices=AccountFunction.choices, default=AccountFunction.KAM)
    exit_criterion = serializers.CharField(max_length=200, default="", allow_blank=True)


class PlaybookInput(Body):
    name = serializers.CharField(max_length=120)
    purpose = serializers.CharField(max_length=20_000, default="", allow_blank=True)
    steps = StepInput(many=True, allow_empty=False)


class PlaybookRunSerializer(serializers.ModelSerializer[PlaybookRun]):
    class Meta:
        model = PlaybookRun
        fields = ["id", "playbook", "account", "started_on", "ended_at", "created_at"]
        read_only_fields = fields


class StartInput(Body):
    playbook = VisibleRelated(queryset=Playbook.objects.all())
    started_on = serializers.DateField(required=False, help_text="default: today")


class PlaybookResource(ResourceView):
    serializer_class = PlaybookSerializer

    def queryset_for(self, user: Any) -> QuerySet[Playbook]:
        return Playbook.objects.visible_to(user).with_steps()

    def answer(self, playbook: Playbook) -> Response:
        changed = self.get_queryset().get(pk=playbook.pk)
        return Response(self.represent(changed), headers={"ETag": etag(changed)})

    def written(self, playbook: Playbook | None, request: Request, version: int | None) -> Playbook:
        data = PlaybookInput(data=request.data)
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        steps = [Step(**step) for step in values.pop("steps")]
        saved = save_playbook(playbook, steps=steps, by=caller(request), expected_version=version, **values)
        return self.get_queryset().get(pk=saved.pk)


class PlaybookList(PlaybookResource, ListView):
    """The company's playbooks with their steps; retired ones are named by ``archived=true``."""

    policy = Policy(write=MANAGERS, scope="goals")
    filterset_class = PlaybookFilters
    orderings = {"name": ("name",), "-updated": ("-updated_at",)}

    @extend_schema(request=PlaybookInput, responses={201: PlaybookSerializer})
    def post(self, request: Request) -> Response:
        """Write a playbook."""
        made = self.written(None, request, None)
        return Response(self.represent(made), status=201, headers={"ETag": etag(made)})


class PlaybookDetail(PlaybookResource, ObjectView):
    """One playbook."""

    policy = Policy(write=MANAGERS, about="playbook", scope="goals")

    @extend_schema(request=PlaybookInput, responses=PlaybookSerializer)
    def put(self, request: Request, pk: Any) -> Response:
        """Write it anew with all its steps; runs that have begun keep their tasks."""
        changed = self.written(self.get_object(), request, expected_version(request))
        return Response(self.represent(changed), headers={"ETag": etag(changed)})


class PlaybookVerb(PlaybookResource, ObjectView):
    """A verb on one playbook."""

    policy = Policy(read=(), write=MANAGERS, about="playbook", scope="goals")
    http_method_names = ["post", "options"]


class PlaybookRetire(PlaybookVerb):
    @extend_schema(request=None, responses=PlaybookSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        """Offer a playbook no more; where it is running it goes on."""
        playbook, version = self.get_object(), expected_version(request)
        return self.answer(retire_playbook(playbook, by=caller(request), expected_version=version))


class PlaybookRestore(PlaybookVerb):
    @extend_schema(request=None, responses=PlaybookSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        """Offer a retired playbook again."""
        playbook, version = self.get_object(), expected_version(request)
        return self.answer(restore_playbook(playbook, by=caller(request), expected_version=version))


class AccountPlaybooks(ApiView):
    """The playbooks in use at an account, the latest first."""

    policy = Policy(write=WORKERS, about="account", scope="goals")

    @extend_schema(responses=PlaybookRunSerializer(many=True))
    def get(self, request: Request, pk: Any) -> Response:
        runs = self.account(request, pk).playbook_runs.all()
        return Response({"results": PlaybookRunSerializer(runs, many=True).data})

    @extend_schema(request=StartInput, responses={201: PlaybookRunSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Make the steps tasks of the account; 409 while the playbook is running there or once it is retired."""
        account = self.account(request, pk)
        data = StartInput(data=request.data, context={"request": request})
        data.is_valid(raise_exception=True)
        day = data.validated_data.get("started_on") or timezone.localdate()
        run = start_playbook(data.validated_data["playbook"], account, on=day, by=caller(request))
        return Response(PlaybookRunSerializer(run).data, status=201)

    def account(self, request: Request, pk: Any) -> Account:
        found: Account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        return found


class PlaybookRunEnd(ApiView):
    """End a playbook at an account; its tasks stay, and ended stays ended."""

    policy = Policy(read=(), write=WORKERS, about="playbook_run", scope="goals")

    @extend_schema(request=None, responses=PlaybookRunSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        run = get_object_or_404(
            PlaybookRun.objects.visible_to(request.user).select_related("account", "playbook"), pk=pk
        )
        return Response(PlaybookRunSerializer(end_playbook(run, by=caller(request))).data)
