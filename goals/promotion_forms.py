"""Input for the conversation about key account status: five fields."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from goals.forms import DayField
from goals.promotion import acceptable, conversation_of
from scoring.models import Decision, PromotionConversation

NARRATIVE = forms.Textarea(attrs={"rows": 4})


class PromotionForm(forms.Form):
    """When, how, with whom, what the customer said, and what was accepted there."""

    held_on = DayField(label=_("When"))
    kind = forms.ChoiceField(label=_("How"), choices=PromotionConversation.Kind.choices)
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("With whom"), widget=forms.CheckboxSelectMultiple
    )
    said = forms.CharField(
        label=_("What the customer said"),
        widget=NARRATIVE,
        max_length=20_000,
        help_text=_("What it expects, what it objects to. This stays inside."),
    )
    accepted = forms.MultipleChoiceField(
        label=_("Accepted there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, decision: Decision) -> None:
        held = conversation_of(decision)
        super().__init__(data, initial=_initial(held))
        fields: Any = self.fields
        there = [contact.pk for contact in held.contacts.all()] if held else []
        people = decision.account.contacts.current() | decision.account.contacts.filter(pk__in=there)
        fields["contacts"].queryset = people
        fields["accepted"].choices = acceptable(decision)
        if not fields["accepted"].choices:
            del fields["accepted"]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("held_on", "kind", "contacts", "said")}


def _initial(held: PromotionConversation | None) -> dict[str, Any]:
    if held is None or not held.is_held:
        return {"held_on": timezone.localdate()}
    return {
        "held_on": held.held_on,
        "kind": held.kind,
        "said": held.said,
        "contacts": [contact.pk for contact in held.contacts.all()],
    }
