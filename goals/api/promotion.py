"""The conversation about key account status over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Contact
from accounts.permissions import caller
from accounts.serializers import VisibleRelated
from goals.actions.promotion import log_promotion_conversation
from goals.promotion import conversation_of
from kam.lib.api.bodies import Body
from kam.lib.api.views import ApiView, etag, expected_version
from kam.users.policy import MANAGERS, Policy
from scoring.models import Decision, PromotionConversation
from scoring.serializers_conversation import ConversationSerializer, conversation_data


class PromotionInput(Body):
    """When, how, with whom; what the customer said, and which expectations were accepted there."""

    held_on = serializers.DateField()
    kind = serializers.ChoiceField(choices=PromotionConversation.Kind.choices, default="meeting")
    contacts = VisibleRelated(queryset=Contact.objects.all(), many=True, allow_empty=False)
    said = serializers.CharField(max_length=20_000)
    accepted = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        default=list,
        help_text="ids of expectations of the plan; internal or external: what the decision says of that side",
    )


class DecisionConversation(ApiView):
    """Whether the customer knows that it is a key account: open, held, or not_recorded for an older decision."""

    policy = Policy(write=MANAGERS, about="decision", scope="goals")

    @extend_schema(responses=ConversationSerializer)
    def get(self, request: Request, pk: Any) -> Response:
        return self.answer(self.decision(pk))

    @extend_schema(request=PromotionInput, responses=ConversationSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        """Log the conversation and complete the task; a second time corrects the first."""
        decision = self.decision(pk)
        data = PromotionInput(data=request.data, context={"request": request})
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        accepted, version = values.pop("accepted"), expected_version(request)
        log_promotion_conversation(
            decision, values=values, accepted=accepted, by=caller(request), expected_version=version
        )
        return self.answer(self.decision(pk))

    def decision(self, pk: Any) -> Decision:
        mine = Decision.objects.visible_to(self.request.user).select_related("account")
        found: Decision = get_object_or_404(mine.with_conversation(), pk=pk)  # type: ignore[attr-defined]  # the stubs know OfAccountQuerySet
        return found

    def answer(self, decision: Decision) -> Response:
        tag = etag(conversation_of(decision))
        return Response(conversation_data(decision), headers={"ETag": tag} if tag else None)

    def represent(self, row: PromotionConversation) -> Any:
        return conversation_data(row.decision)
