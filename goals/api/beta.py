"""Beta programmes over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from accounts.permissions import caller
from accounts.serializers import AccountNameSerializer, InputSerializer, VisibleRelated
from goals.actions import beta as actions
from goals.beta import candidates
from goals.filters import ParticipationFilters
from goals.models import BetaFeedback, BetaParticipation, BetaProgramme
from kam.lib.api.bodies import Body
from kam.lib.api.views import ListView, ObjectView, ResourceView, etag, expected_version
from kam.users.models import Organisation
from kam.users.policy import MANAGERS, WORKERS, Policy

CONSENT_FIELDS = ["consent_by", "consent_on", "consent_how", "note", "outcome", "outcome_text"]


class BetaProgrammeSerializer(serializers.ModelSerializer[BetaProgramme]):
    """A programme; ``taking`` take or took part and ``asked`` have not answered, at whatever account."""

    taking = serializers.IntegerField(read_only=True)
    asked = serializers.IntegerField(read_only=True)

    class Meta:
        model = BetaProgramme
        fields = ["id", *actions.EDITABLE, "owner", "closed_at", "taking", "asked"]
        fields += ["version", "created_at", "updated_at"]
        read_only_fields = fields


class BetaProgrammeInput(InputSerializer):
    class Meta:
        model = BetaProgramme
        fields = list(actions.EDITABLE)
        extra_kwargs: dict[str, Any] = {"name": {"validators": []}}


class ParticipationSerializer(serializers.ModelSerializer[BetaParticipation]):
    class Meta:
        model = BetaParticipation
        fields = [
            "id",
            "programme",
            "account",
            "state",
            "invited_on",
            "answered_on",
            *CONSENT_FIELDS,
            "override_reason",
            "version",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class MoveInput(InputSerializer):
    """The new state, with the consent for ``accepted`` and the outcome for ``finished``."""

    state = serializers.ChoiceField(choices=BetaParticipation.State.choices)

    class Meta:
        model = BetaParticipation
        fields = ["state", *CONSENT_FIELDS]


class FeedbackSerializer(serializers.ModelSerializer[BetaFeedback]):
    class Meta:
        model = BetaFeedback
        fields = ["id", "participation", "kind", "text", "given_on", "contact", "noted_by", "created_at"]
        read_only_fields = fields


class FeedbackInput(InputSerializer):
    given_on = serializers.DateField(required=False)

    class Meta:
        model = BetaFeedback
        fields = ["kind", "text", "given_on", "contact"]


class InvitationInput(Body):
    accounts = VisibleRelated(queryset=Account.objects.all(), many=True)
    draft = serializers.BooleanField(default=False)
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text="why beyond the limit"
    )


class RefusedSerializer(serializers.Serializer[Any]):
    account = serializers.UUIDField()
    why = serializers.CharField()


class InvitedSerializer(serializers.Serializer[Any]):
    """Who was asked, and who was not with the reason."""

    participations = ParticipationSerializer(many=True)
    refused = RefusedSerializer(many=True)


class BetaCandidateSerializer(serializers.Serializer[Any]):
    """How an account fits: conditions met of those asked, in words, and what speaks against asking it."""

    account = serializers.UUIDField(source="account.pk")
    name = serializers.CharField(source="account.display_name")
    met = serializers.IntegerField(source="fit.met")
    asked = serializers.IntegerField(source="fit.asked")
    why = serializers.CharField(source="sentence")
    burden = serializers.CharField()


class BetaResource(ResourceView):
    serializer_class = BetaProgrammeSerializer

    def queryset_for(self, user: Any) -> QuerySet[BetaProgramme]:
        return BetaProgramme.objects.visible_to(user).with_counts()

    def answer(self, row: BetaProgramme, status: int = 200) -> Response:
        return Response(self.represent(row), status=status, headers={"ETag": etag(row)})

    def represent(self, row: Any) -> Any:
        """Return the programme with its counts, which only a row that was read has."""
        return BetaProgrammeSerializer(self.get_queryset().get(pk=row.pk)).data


class BetaProgrammeList(BetaResource, ListView):
    """The company's beta programmes."""

    policy = Policy(write=MANAGERS, scope="goals")
    orderings = {"-created": ("-id",), "-starts": ("-starts_on",)}

    @extend_schema(request=BetaProgrammeInput, responses={201: BetaProgrammeSerializer})
    def post(self, request: Request) -> Response:
        """Plan a programme."""
        data = BetaProgrammeInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        return self.answer(actions.save_programme(None, values=values, by=caller(request)), 201)


class BetaProgrammeDetail(BetaResource, ObjectView):
    """One programme."""

    policy = Policy(write=MANAGERS, about="beta_programme", scope="goals")

    @extend_schema(request=BetaProgrammeInput, responses=BetaProgrammeSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        row, version = self.get_object(), expected_version(request)
        data = BetaProgrammeInput(row, data=request.data, partial=True, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        return self.answer(
            actions.save_programme(row, values=values, by=caller(request), expected_version=version)
        )


class BetaClose(BetaResource, ObjectView):
    """Close a programme: nobody is invited any more. Closed stays closed."""

    policy = Policy(read=(), write=MANAGERS, about="beta_programme", scope="goals")
    http_method_names = ["post", "options"]
    closed = True

    @extend_schema(request=None, responses=BetaProgrammeSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        programme = self.get_object()
        return self.answer(actions.close_programme(programme, closed=self.closed, by=caller(request)))


class BetaReopen(BetaClose):
    """Open a programme again."""

    closed = False


class BetaCandidates(BetaResource, ObjectView):
    """Accounts that the caller sees and that fit best, each with the reason; of more than 2,000 key accounts first."""

    policy = Policy(about="beta_programme", scope="goals")
    http_method_names = ["get", "options"]

    @extend_schema(responses=BetaCandidateSerializer(many=True))
    def get(self, request: Request, pk: Any) -> Response:
        programme, today = self.get_object(), timezone.localdate()
        rows = candidates(programme, request.user, today, Organisation.current().currency)
        return Response({"results": BetaCandidateSerializer(rows, many=True).data})


class BetaInvitations(BetaResource, ObjectView):
    """Invite accounts; those at their limit come back with the reason."""

    policy = Policy(read=(), write=MANAGERS, about="beta_programme", scope="goals")
    http_method_names = ["post", "options"]

    @extend_schema(request=InvitationInput, responses=InvitedSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        programme = self.get_object()
        data = InvitationInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        result = actions.invite(programme, values.pop("accounts"), by=caller(request), **values)
        refused = [{"account": account.pk, "why": why} for account, why in result.refused]
        answer = {"participations": result.rows, "refused": refused}
        return Response(InvitedSerializer(answer).data)


class ParticipationResource(ResourceView):
    serializer_class = ParticipationSerializer
    expandable = {"account": (AccountNameSerializer, "with_account")}

    def queryset_for(self, user: Any) -> QuerySet[BetaParticipation]:
        return BetaParticipation.objects.visible_to(user)


class ParticipationList(ParticipationResource, ListView):
    """Who is in which programme, at the accounts the caller sees."""

    policy = Policy(scope="goals")
    filterset_class = ParticipationFilters
    orderings = {"-created": ("-id",), "-updated": ("-updated_at",)}


class ParticipationDetail(ParticipationResource, ObjectView):
    """One account in a programme; PATCH notes what has happened."""

    policy = Policy(write=WORKERS, about="participation", scope="goals")

    @extend_schema(request=MoveInput, responses=ParticipationSerializer)
    def patch(self, request: Request, pk: Any) -> Response:
        """Note the answer, the withdrawal or the end."""
        row, version = self.get_object(), expected_version(request)
        data = MoveInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        moved = actions.move(
            row, state=values.pop("state"), values=values, by=caller(request), expected_version=version
        )
        return Response(ParticipationSerializer(moved).data, headers={"ETag": etag(moved)})


class ParticipationFeedback(ParticipationResource, ObjectView):
    """What the account said."""

    policy = Policy(write=WORKERS, about="participation", scope="goals")
    serializer_class = ParticipationSerializer

    @extend_schema(responses=FeedbackSerializer(many=True))
    def get(self, request: Request, pk: Any) -> Response:
        return Response({"results": FeedbackSerializer(self.get_object().feedback.all(), many=True).data})

    @extend_schema(request=FeedbackInput, responses={201: FeedbackSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        """Note what it said."""
        row = self.get_object()
        data = FeedbackInput(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        said = actions.note_feedback(row, values=dict(data.validated_data), by=caller(request))
        return Response(FeedbackSerializer(said).data, status=201)
