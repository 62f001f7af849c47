"""Opportunities, contracts and anticipations over the API."""

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
from accounts.serializers import AccountNameSerializer, InputSerializer
from goals.actions.anticipations import act_on
from goals.actions.plans import add_entry, change_entry
from goals.ahead import FIELDS, anticipations
from goals.ahead import KINDS as ANTICIPATIONS
from goals.entries import KINDS
from goals.filters import ContractFilters, OpportunityFilters
from goals.models import Contract, Opportunity
from goals.renewals import renewal
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView, ListView, ObjectView, ResourceView, etag, expected_version
from kam.lib.errors import named_as
from kam.users.models import Organisation
from kam.users.policy import WORKERS, Policy
from kam.users.serializers import UserSerializer

OPPORTUNITIES, CONTRACTS = KINDS["opportunities"], KINDS["contracts"]
STAMPS = ("version", "created_at", "updated_at")


class OpportunitySerializer(serializers.ModelSerializer[Opportunity]):
    class Meta:
        model = Opportunity
        fields = ["id", "account", *OPPORTUNITIES.fields, "closed_on", *STAMPS]
        read_only_fields = fields


class OpportunityChange(InputSerializer):
    class Meta:
        model = Opportunity
        fields = list(OPPORTUNITIES.fields)


class OpportunityInput(OpportunityChange):
    class Meta(OpportunityChange.Meta):
        fields = ["account", *OPPORTUNITIES.fields]


class ContractSerializer(serializers.ModelSerializer[Contract]):
    """A contract and where it stands today: ahead, running, notice (can be given), renews, ends or ended."""

    state = serializers.SerializerMethodField()
    notice_until = serializers.SerializerMethodField()

    class Meta:
        model = Contract
        fields = ["id", "account", *CONTRACTS.fields, "state", "notice_until", *STAMPS]
        read_only_fields = fields

    def get_state(self, row: Contract) -> str:
        return renewal(row.term, timezone.localdate()).state

    @extend_schema(responses=serializers.DateField(allow_null=True))
    def get_notice_until(self, row: Contract) -> str | None:
        until = renewal(row.term, timezone.localdate()).notice_until
        return until.isoformat() if until else None


class ContractChange(InputSerializer):
    class Meta:
        model = Contract
        fields = list(CONTRACTS.fields)
        validators: list[Any] = []


class ContractInput(ContractChange):
    class Meta(ContractChange.Meta):
        fields = ["account", *CONTRACTS.fields]


class PipelineResource(ResourceView):
    """What both tables share: the kind of entry and the serializers that check."""

    kind = OPPORTUNITIES
    input_class: type[InputSerializer] = OpportunityInput
    expandable = {"account": (AccountNameSerializer, "with_account")}

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        return self.kind.model.objects.visible_to(user)  # type: ignore[no-any-return]  # the model is of either kind

    def answer(self, row: Any, status: int = 200) -> Response:
        shown = self.get_serializer_class()(row, context=self.get_serializer_context())
        return Response(shown.data, status=status, headers={"ETag": etag(row)})

    def create(self, request: Request) -> Response:
        data = self.input_class(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        return self.answer(
            add_entry(self.kind, values.pop("account"), values=values, by=caller(request)), 201
        )

    def change(self, request: Request) -> Response:
        row, version = self.get_object(), expected_version(request)
        data = self.input_class(row, data=request.data, partial=True, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        return self.answer(
            change_entry(self.kind, row, values=values, by=caller(request), expected_version=version)
        )


class OpportunityList(PipelineResource, ListView):
    """What may be sold next at the accounts the caller sees."""

    policy = Policy(write=WORKERS, scope="goals")
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilters
    expandable = PipelineResource.expandable | {"owner": (UserSerializer, "with_rows")}
    orderings = {"expected": ("expected_on",), "-created": ("-id",), "-updated": ("-updated_at",)}

    @extend_schema(request=OpportunityInput, responses={201: OpportunitySerializer})
    def post(self, request: Request) -> Response:
        """Note an opportunity."""
        return self.create(request)


class OpportunityDetail(PipelineResource, ObjectView):
    """One opportunity; the stage ``won`` or ``lost`` closes it, another one opens it again."""

    policy = Policy(write=WORKERS, about="opportunity", scope="goals")
    serializer_class = OpportunitySerializer
    input_class = OpportunityChange

    @extend_schema(request=OpportunityChange, responses=OpportunitySerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        return self.change(request)


class ContractList(PipelineResource, ListView):
    """Contracts of the accounts the caller sees."""

    policy = Policy(write=WORKERS, scope="goals")
    kind, input_class = CONTRACTS, ContractInput
    serializer_class = ContractSerializer
    filterset_class = ContractFilters
    orderings = {"end": ("end_on",), "-created": ("-id",), "-updated": ("-updated_at",)}

    @extend_schema(request=ContractInput, responses={201: ContractSerializer})
    def post(self, request: Request) -> Response:
        """Note a contract."""
        return self.create(request)


class ContractDetail(PipelineResource, ObjectView):
    """One contract."""

    policy = Policy(write=WORKERS, about="contract", scope="goals")
    kind, input_class = CONTRACTS, ContractChange
    serializer_class = ContractSerializer

    @extend_schema(request=ContractChange, responses=ContractSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        return self.change(request)


class AnticipationSerializer(serializers.Serializer[Any]):
    """Something an account may need next; ``made`` names the open task, goal or opportunity it has become."""

    kind = serializers.ChoiceField(choices=list(ANTICIPATIONS))
    about = serializers.CharField(
        help_text="id of the offering, contract or programme, empty for the whole account"
    )
    title = serializers.CharField()
    why = serializers.CharField()
    due = serializers.DateField()
    value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    urgent = serializers.BooleanField()
    made_is = serializers.CharField(help_text="task, goal, opportunity or empty")
    made = serializers.SerializerMethodField()

    def get_made(self, row: Any) -> str | None:
        return str(row.made.pk) if row.made else None


class AnticipationInput(Body):
    """Which anticipation becomes what."""

    kind = serializers.ChoiceField(choices=list(ANTICIPATIONS))
    about = serializers.UUIDField(required=False, help_text="the offering, contract or programme")
    make = serializers.ChoiceField(choices=["task", "goal", "opportunity"], default="task")


class MadeSerializer(serializers.Serializer[Any]):
    made_is = serializers.CharField()
    id = serializers.UUIDField()
    title = serializers.CharField()


class AnticipationList(ApiView):
    """What an account may need next: contracts, orders that stay away, exhausted volume, other offerings.

    Other offerings (``cross-sell``) are those that comparable accounts buy: the same industry and half to twice the
    revenue of the last 12 months, at most the 200 nearest by revenue.
    """

    policy = Policy(write=WORKERS, about="account", scope="goals")

    @extend_schema(responses=AnticipationSerializer(many=True))
    def get(self, request: Request, pk: Any) -> Response:
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        rows = anticipations(account, timezone.localdate(), Organisation.current().currency)
        return Response({"results": AnticipationSerializer(rows, many=True).data})

    @extend_schema(request=AnticipationInput, responses={201: MadeSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Make a task, a goal or an opportunity of it; the same again answers the same row."""
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        data = AnticipationInput(data=request.data)
        data.is_valid(raise_exception=True)
        about = str(data.validated_data.get("about", ""))
        asked = {"kind": data.validated_data["kind"], "as": data.validated_data["make"]}
        asked |= {FIELDS.get(asked["kind"], "offering"): about}
        with named_as(offering="about", contract="about", programme="about"):
            made = act_on(account, asked, by=caller(request), today=timezone.localdate())
        answer = {"made_is": made._meta.model_name, "id": made.pk, "title": made.title}
        return Response(MadeSerializer(answer).data, status=201)
