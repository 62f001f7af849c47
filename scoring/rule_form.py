"""The form of a rule: which fact, over which window, mapped how to 1 to 10."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.facts import RATEABLE
from scoring.models import Basis, Criterion

WINDOWS = (
    ("all", _("Whole history")),
    ("12m", _("Last 12 months")),
    ("6m", _("Last 6 months")),
    ("3m", _("Last 3 months")),
)
KINDS = (
    ("linear", _("Linear between two bounds")),
    ("log", _("Logarithmic, for values that spread over powers of ten")),
    ("percentile", _("Percentile: place within the portfolio")),
    ("steps", _("Steps: from a value on")),
    ("distance", _("Distance: kilometres, nearer is better")),
    ("days_beyond_terms", _("Days beyond terms, fewer is better")),
)

# The type of rule that is made for a fact.
KIND_OF = {"service_distance": "distance", "days_beyond_terms": "days_beyond_terms"}


class RuleForm(forms.Form):
    """Reads a rule as a person states it; ``rule`` is what the arithmetic wants."""

    fact = forms.ChoiceField(label=_("Fact"))
    window = forms.ChoiceField(label=_("Window"), choices=WINDOWS)
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices)
    kind = forms.ChoiceField(label=_("Rule"), choices=KINDS)
    direction = forms.ChoiceField(
        label=_("Better is"), choices=(("higher", _("higher")), ("lower", _("lower")))
    )
    low = forms.FloatField(
        label=_("Lower bound"), required=False, help_text=_("Empty: the lowest value of the portfolio.")
    )
    high = forms.FloatField(
        label=_("Upper bound"), required=False, help_text=_("Empty: the highest value of the portfolio.")
    )
    steps = forms.CharField(
        label=_("Steps"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: value; rating from there on. For example 10000; 4"),
    )
    interpolate = forms.BooleanField(label=_("Even between the steps"), required=False)

    def __init__(self, given: Any, *, criterion: Criterion) -> None:
        super().__init__(given, initial=_initial(criterion))
        facts: Any = self.fields["fact"]
        facts.choices = [(code, fact.label) for code, fact in RATEABLE.items()]
        windows: Any = self.fields["window"]
        if criterion.window not in dict(WINDOWS):
            windows.choices = [*WINDOWS, (criterion.window, criterion.window)]

    def rule(self) -> dict[str, Any]:
        """Return the rule as stated; ``scoring.rules`` says whether it is one."""
        data = self.cleaned_data
        if data["kind"] == "steps":
            return {"type": "steps", "steps": _steps(data["steps"]), "interpolate": data["interpolate"]}
        if data["kind"] == "percentile":
            return {"type": "percentile", "direction": data["direction"]}
        typed = [data["low"], data["high"]]
        bounds: Any = "portfolio" if typed == [None, None] else typed
        return {"type": data["kind"], "bounds": bounds, "direction": data["direction"]}

    def source(self) -> dict[str, Any]:
        """Return where the fact comes from: fact, window and basis."""
        return {name: self.cleaned_data[name] for name in ("fact", "window", "basis")}

    def show_refusal(self, field: str, text: str) -> None:
        """Put a refusal of the arithmetic beside the field it is about."""
        places = {"bounds": "low", "type": "kind"}
        place = places.get(field, field)
        self.add_error(place if place in self.fields else None, text)


def _initial(criterion: Criterion) -> dict[str, Any]:
    rule = criterion.rule or _proposed(criterion)
    typed = rule.get("bounds")
    low, high = typed if isinstance(typed, list) else (None, None)
    return {
        "fact": criterion.fact or criterion.growth_metric,
        "window": criterion.window,
        "basis": criterion.basis,
        "kind": rule.get("type", "linear"),
        "direction": rule.get("direction", "higher" if criterion.higher_is_better else "lower"),
        "low": low,
        "high": high,
        "steps": "\n".join(f"{start:g}; {rating:g}" for start, rating in rule.get("steps", [])),
        "interpolate": rule.get("interpolate", False),
    }


def _proposed(criterion: Criterion) -> dict[str, Any]:
    """Return what to start from where people rate so far: the rule of the fact that growth is measured by."""
    fact = RATEABLE.get(criterion.growth_metric)
    if fact is None:
        return {}
    direction = "higher" if fact.higher_is_better else "lower"
    return {"type": KIND_OF.get(fact.code, "linear"), "direction": direction}


def _steps(text: str) -> list[list[str]]:
    """Return the lines as pairs; what is no number is left for the arithmetic to refuse."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [[part.strip().replace(",", ".") for part in line.split(";")] for line in lines]
