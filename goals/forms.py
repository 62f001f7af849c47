"""Input for goals, check-ins, milestones and work."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Verb, Visibility
from goals.actions.check_ins import CheckIn
from goals.actions.setup import MeasuredBy
from goals.measurable import MEASURABLE
from goals.models import VALUE, Goal, Metric
from kam.users.models import User

GOAL_FIELDS = (
    "title",
    "why",
    "how",
    "what",
    "side",
    "visibility",
    "start_on",
    "due_on",
    "owner",
    "start_value",
    "target_value",
    "parent",
)
SHORT_TEXT = forms.Textarea(attrs={"rows": 2})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day with the browser's own calendar."""

    widget = DAY


class NumberField(forms.DecimalField):
    """A number in the reader's notation."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(VALUE | {"localize": True} | kwargs))
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number without the zeros that only its column asks for."""
        return value.normalize() + 0 if isinstance(value, Decimal) else value


class GoalForm(forms.Form):
    """A goal and what measures it."""

    account = forms.ModelChoiceField(label=_("Account"), queryset=Account.objects.none())
    title = forms.CharField(
        label=_("Goal"), max_length=200, help_text=_("What is to be reached, in one line")
    )
    why = forms.CharField(
        label=_("Why"), required=False, widget=SHORT_TEXT, help_text=_("What it is good for")
    )
    how = forms.CharField(
        label=_("How"), required=False, widget=SHORT_TEXT, help_text=_("Approach and people")
    )
    what = forms.CharField(
        label=_("What"), required=False, widget=SHORT_TEXT, help_text=_("The result others can see")
    )
    side = forms.ChoiceField(label=_("Whose goal"), choices=Goal.Side.choices)
    visibility = forms.ChoiceField(label=_("Visibility"), choices=Visibility.choices)
    measured_by = forms.ChoiceField(label=_("Measured by"), required=False)
    metric_name = forms.CharField(label=_("Name of the new metric"), max_length=120, required=False)
    metric_unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    metric_direction = forms.ChoiceField(
        label=_("Direction"), choices=Metric.Direction.choices, required=False
    )
    start_value = NumberField(label=_("Start"), required=False)
    target_value = NumberField(label=_("Target"), required=False)
    start_on = DayField(label=_("From"))
    due_on = DayField(label=_("Due"))
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False)
    parent = forms.ModelChoiceField(label=_("Part of"), queryset=Goal.objects.none(), required=False)
    reason = forms.CharField(label=_("Why target or due day moved"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: User, account: Account | None = None, goal: Goal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        visible = Account.objects.visible_to(user)
        self.fields["account"].queryset = visible.filter(pk=account.pk) if account else visible.key()  # type: ignore[attr-defined]  # a choice field
        self.fields["owner"].queryset = User.objects.active()  # type: ignore[attr-defined]  # a choice field
        self.fields["measured_by"].choices = _measures(account)  # type: ignore[attr-defined]  # a choice field
        if account:
            self.fields["account"].widget = forms.HiddenInput()
            others = account.goals.open().exclude(pk=goal.pk if goal else None)
            self.fields["parent"].queryset = others  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["parent"]
        if goal is None:
            del self.fields["reason"], self.fields["version"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("measured_by", "")
        if kind == "new" and not data.get("metric_name"):
            self.add_error("metric_name", _("Say what is measured."))
        if kind and data.get("target_value") is None and "target_value" not in self.errors:
            self.add_error("target_value", _("Say which value is to be reached."))
        return data

    def values(self) -> dict[str, Any]:
        """Return the goal's own fields; shares typed as percent become shares, goals in words have no values."""
        data = self.cleaned_data
        values = {name: data[name] for name in GOAL_FIELDS if name in data}
        if not data["measured_by"]:
            return values | {"start_value": None, "target_value": None}
        if self._in_percent():
            for name in ("start_value", "target_value"):
                values[name] = None if values[name] is None else values[name] / 100
        return values

    def measured_by_what(self) -> MeasuredBy:
        """Return what was chosen to measure the goal."""
        data = self.cleaned_data
        kind, _colon, what = data["measured_by"].partition(":")
        if kind == "metric":
            return MeasuredBy(metric=UUID(what))
        if kind == "fact":
            return MeasuredBy(fact=what)
        if kind == "new":
            direction = data["metric_direction"] or Metric.Direction.UP
            return MeasuredBy(name=data["metric_name"], unit=data["metric_unit"], direction=direction)
        return MeasuredBy()

    def _in_percent(self) -> bool:
        kind, _colon, what = self.cleaned_data["measured_by"].partition(":")
        fact = what if kind == "fact" else ""
        if kind == "metric":
            fact = Metric.objects.values_list("fact", flat=True).get(pk=what)
        return bool(fact) and MEASURABLE[fact].unit == "percent"


def goal_initial(goal: Goal) -> dict[str, Any]:
    """Return the form's values of an existing goal."""
    initial = {name: getattr(goal, name) for name in GOAL_FIELDS}
    factor = (
        Decimal(100)
        if goal.metric and MEASURABLE.get(goal.metric.fact, MEASURABLE["orders"]).unit == "percent"
        else 1
    )
    for name in ("start_value", "target_value"):
        if initial[name] is not None:
            initial[name] = (initial[name] * factor).normalize() + 0
    measured = f"metric:{goal.metric_id}" if goal.metric_id else ""
    return initial | {"account": goal.account_id, "measured_by": measured, "version": goal.version}


def _measures(account: Account | None) -> list[tuple[Any, Any]]:
    choices: list[tuple[Any, Any]] = [("", _("In words, by milestones and judgement"))]
    taken: set[str] = set()
    if account:
        metrics = list(account.metrics.all())
        taken = {m.fact for m in metrics if m.fact and (m.basis, m.window) == ("net", "12m")}
        if metrics:
            choices.append((_("Metrics of this account"), [(f"metric:{m.pk}", m.name) for m in metrics]))
    facts = [(f"fact:{code}", fact.label) for code, fact in MEASURABLE.items() if code not in taken]
    choices.append((_("Computed from sales, last 12 months, net"), facts))
    return [*choices, (_("Typed in or delivered"), [("new", _("A new metric"))])]


class CheckInForm(forms.Form):
    """Value, day and note; a judgement instead of the value where the goal is in words."""

    value = NumberField(label=_("Value"), required=False)
    verdict = forms.ChoiceField(label=_("Judgement"), choices=Goal.Verdict.choices, required=False)
    on = DayField(label=_("Measured on"), required=False)
    note = forms.CharField(label=_("Note, or the cause if it is behind"), max_length=300, required=False)

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if goal.metric is None:
            del self.fields["value"], self.fields["on"]
            self.fields["verdict"].initial = goal.verdict
        elif goal.metric.fact:
            del self.fields["value"], self.fields["on"], self.fields["verdict"]
        else:
            del self.fields["verdict"]
            self.fields["on"].initial = timezone.localdate()

    def said(self) -> CheckIn:
        """Return what was filled in."""
        return CheckIn(**self.cleaned_data)


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("Milestone"), max_length=200)
    due_on = DayField(label=_("Due"))
    value = NumberField(label=_("Value to be reached by then"), required=False)

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if goal.metric_id is None:
            del self.fields["value"]


class WorkForm(forms.Form):
    verb = forms.ChoiceField(label=_("Kind"), choices=Verb.choices)
    body = forms.CharField(label=_("What was done"), widget=SHORT_TEXT, max_length=2000)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, required=False)


class ClosingForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[choice for choice in Goal.Outcome.choices if choice[0]]
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
