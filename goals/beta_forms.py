"""Input for beta programmes."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Offering
from goals.actions.beta import EDITABLE
from goals.forms import SHORT_TEXT, DayField
from goals.models import BetaFeedback, BetaParticipation, BetaProgramme
from goals.plan_forms import form_field


class ProgrammeForm(forms.ModelForm):
    """What is tested, for how long, and for whom it is meant."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = BetaProgramme
        fields = EDITABLE
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("offering", "buys"):
            self.fields[name].queryset = Offering.objects.on_sale()  # type: ignore[attr-defined]  # a choice field

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE}

    def _get_validation_exclusions(self) -> set[str]:
        # A name that is taken is the action's to refuse, in one sentence for page and API.
        return {*super()._get_validation_exclusions(), "name"}  # type: ignore[misc]  # the stubs leave it out


class InviteForm(forms.Form):
    """Which accounts are asked; beyond the limit only with a reason."""

    accounts = forms.ModelMultipleChoiceField(Account.objects.none(), label=_("Accounts"))
    reason = forms.CharField(label=_("Why beyond the limit"), max_length=300, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accounts"].queryset = Account.objects.visible_to(user)  # type: ignore[attr-defined]  # a choice field


class ConsentForm(forms.Form):
    """Who agreed, when and how."""

    consent_by = forms.CharField(label=_("Who agreed"), max_length=120)
    consent_on = DayField(label=_("Agreed on"))
    consent_how = forms.ChoiceField(label=_("How"), choices=BetaParticipation.ConsentBy.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent_on"].initial = timezone.localdate()


class DeclineForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300, required=False)


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[choice for choice in BetaParticipation.Outcome.choices if choice[0]]
    )
    outcome_text = forms.CharField(label=_("What came of it"), required=False, widget=SHORT_TEXT)


class FeedbackForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=BetaFeedback.Kind.choices)
    text = forms.CharField(label=_("What was said"), widget=SHORT_TEXT, max_length=4000)
    given_on = DayField(label=_("Said on"))
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("By whom"), required=False)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = account.contacts.current()  # type: ignore[attr-defined]  # a choice field
        self.fields["given_on"].initial = timezone.localdate()


FEW = forms.NumberInput(attrs={"class": "w-s"})


class LimitsForm(forms.Form):
    at_once = forms.IntegerField(
        label=_("Programmes at the same time"), min_value=1, max_value=20, widget=FEW
    )
    per_year = forms.IntegerField(
        label=_("Invitations in twelve months"), min_value=1, max_value=50, widget=FEW
    )


ANSWERS: dict[str, type[forms.Form]] = {
    "accepted": ConsentForm,
    "declined": DeclineForm,
    "withdrawn": DeclineForm,
    "finished": OutcomeForm,
}
