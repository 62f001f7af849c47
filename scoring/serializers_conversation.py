"""The conversation about key account status, as the API shows it."""

from typing import Any

from rest_framework import serializers

from scoring.models import Decision, PromotionConversation

STATES = ("open", "held", "not_recorded")


class ConversationSerializer(serializers.Serializer[Any]):
    """``state`` is open, held, or not_recorded for a decision from before conversations were kept.

    Open lasts until what the customer said is written down, even where the task was ticked off before.
    """

    state = serializers.ChoiceField(choices=STATES)
    due_on = serializers.DateField(allow_null=True)
    held_on = serializers.DateField(allow_null=True)
    kind = serializers.ChoiceField(choices=PromotionConversation.Kind.choices, allow_null=True)
    contacts = serializers.ListField(child=serializers.UUIDField())
    said = serializers.CharField()
    held_by = serializers.UUIDField(allow_null=True)
    activity = serializers.UUIDField(allow_null=True, help_text="the entry of the timeline")


def conversation_data(decision: Decision) -> Any:
    """Return the conversation of a decision loaded by ``with_conversation``."""
    talk: PromotionConversation | None = getattr(decision, "conversation", None)
    held = talk is not None and talk.is_held
    data: dict[str, Any] = {
        "state": "held" if held else "open" if talk else "not_recorded",
        "due_on": talk.due_on if talk else None,
        "held_on": talk.held_on if talk else None,
        "kind": talk.kind if talk and held else None,
        "contacts": [contact.pk for contact in talk.contacts.all()] if talk else [],
        "said": talk.said if talk else "",
        "held_by": talk.held_by_id if talk else None,
        "activity": talk.activity_id if talk else None,
    }
    return ConversationSerializer(data).data
