"""The three inputs of the check-in flow."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.actions.check_ins import WORDS, CheckIn
from goals.check_in_queue import is_behind
from goals.forms import NumberField
from goals.models import Goal


class FlowForm(forms.Form):
    """A value or a judgement; the confidence, or the cause where the goal is behind; the status in words."""

    value = NumberField(label=_("Value today"), required=False)
    verdict = forms.ChoiceField(label=_("Judgement"), choices=Goal.Verdict.choices, required=False)
    confidence = forms.ChoiceField(
        label=_("How sure are you to reach it?"), choices=Goal.Confidence.choices, required=False
    )
    cause = forms.CharField(
        label=_("Why is it behind?"),
        max_length=WORDS,
        error_messages={"required": _("The goal is behind. Say why in a few words.")},
    )
    status_text = forms.CharField(label=_("Status in a sentence"), max_length=WORDS, required=False)

    def __init__(self, data: Any = None, *, goal: Goal, today: date) -> None:
        initial = {name: getattr(goal, name) for name in ("verdict", "confidence", "cause", "status_text")}
        super().__init__(data, initial=initial)
        self.goal, self.today = goal, today
        if goal.metric is None:
            del self.fields["value"]
        else:
            del self.fields["verdict"]
            if goal.metric.fact:
                del self.fields["value"]
        # What is still to be typed may put it behind; then the form comes back and asks for the cause.
        behind = is_behind(goal, self._typed(), self._judged(), today)
        del self.fields["confidence" if behind else "cause"]
        asked = "cause" if self.is_bound and behind else next(iter(self.fields))
        self.fields[asked].widget.attrs["autofocus"] = True

    def said(self) -> CheckIn:
        return CheckIn(**self.cleaned_data)

    def _typed(self) -> Any:
        if "value" not in self.fields or not self.is_bound:
            return None
        try:
            return self.fields["value"].clean(self.data.get("value"))
        except forms.ValidationError:
            return None

    def _judged(self) -> str:
        return str(self.data.get("verdict", "")) if self.is_bound else self.goal.verdict
