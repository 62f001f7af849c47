"""Input for the plan, its entries and playbooks."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Offering
from goals.entries import EntryKind
from goals.forms import DAY, SHORT_TEXT, DayField, NumberField
from goals.models import Plan, Playbook
from goals.plan_templates import TEMPLATES
from kam.users.models import AccountFunction, User

DAYS = ("promised_on", "raised_on", "occurred_on", "start_on")


class PlanForm(forms.ModelForm):
    """Why, how, what and the purposes on both sides, and which of them the customer may see."""

    shared = forms.MultipleChoiceField(
        label=_("Shown to the customer"), required=False, widget=forms.CheckboxSelectMultiple
    )

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Plan
        fields = ["why", "how", "what", "purpose_ours", "purpose_customer"]
        widgets = dict.fromkeys(fields, SHORT_TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, self.fields[name].label) for name in self.Meta.fields]
        self.fields["shared"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.fields["shared"].initial = self.instance.shared

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "shared")}


def entry_form(kind: EntryKind, account: Account, data: Any = None, row: Any = None) -> Any:
    """Return the form of one kind of entry; related rows are those of the account."""
    factory = forms.modelform_factory(kind.model, fields=kind.fields, formfield_callback=form_field)
    today = timezone.localdate()
    initial = {name: today for name in DAYS if name in kind.fields} | {"year": today.year}
    form: Any = factory(data, instance=row, initial=None if row else initial)
    related = {
        "contact": account.contacts.current(),
        "goal": account.goals.all(),
        "contract": account.contracts.all(),
        "offering": Offering.objects.on_sale(),
    }
    for name, rows in related.items():
        if name in form.fields:
            form.fields[name].queryset = rows
    if "owner" in form.fields:
        form.fields["owner"].queryset = User.objects.active()
    return form


def form_field(field: Any, **options: Any) -> Any:
    """Return the form field of a column in the house's look: browser calendars, short texts, local numbers."""
    kind = field.get_internal_type()
    if kind == "DateField":
        options["widget"] = DAY
    if kind == "TextField":
        options["widget"] = SHORT_TEXT
    if kind == "DecimalField":
        options["form_class"] = NumberField
    return field.formfield(**options)


class TemplateForm(forms.Form):
    template = forms.ChoiceField(
        label=_("Template"), choices=[(code, label) for code, (label, _texts) in TEMPLATES.items()]
    )


class AcceptForm(forms.Form):
    who = forms.CharField(label=_("Accepted by"), max_length=120)


class StartPlaybookForm(forms.Form):
    playbook = forms.ModelChoiceField(label=_("Playbook"), queryset=Playbook.objects.none())
    on = DayField(label=_("Start on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["playbook"].queryset = Playbook.objects.current()  # type: ignore[attr-defined]  # a choice field
        self.fields["on"].initial = timezone.localdate()


class PlaybookForm(forms.Form):
    name = forms.CharField(label=_("Playbook"), max_length=120)
    purpose = forms.CharField(label=_("What it is for"), required=False, widget=SHORT_TEXT)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class StepForm(forms.Form):
    day_offset = forms.IntegerField(label=_("Days after the start"), min_value=0, max_value=3650, initial=0)
    title = forms.CharField(label=_("Step"), max_length=200)
    function = forms.ChoiceField(label=_("Who"), choices=AccountFunction.choices, initial=AccountFunction.KAM)
    exit_criterion = forms.CharField(label=_("Done when"), max_length=200, required=False)


StepForms = forms.formset_factory(StepForm, extra=3, max_num=50, can_delete=True)


class RatesForm(forms.Form):
    hourly_rate = NumberField(label=_("Cost of an hour"), min_value=0)
    allowed_discount = NumberField(
        label=_("Discount the policy allows (percent)"), min_value=0, max_value=100
    )
