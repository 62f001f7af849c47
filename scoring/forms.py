"""The forms of the scoring room; they check input and write nothing."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kam.lib.formatting import number
from kam.users.models import Role, User
from scoring.actions.ratings import Judgement
from scoring.facts import RATEABLE
from scoring.models import Backtest, Criterion, Decision, Rating, RatingRound, ScoringModel
from scoring.models.method import GROWTH_METRICS
from scoring.rule_form import WINDOWS

ANCHORS = ("1", "4", "7", "10")
BIG = forms.Textarea(attrs={"rows": 3})
MOST_QUESTIONS, LONGEST_QUESTION = 12, 300


class RunForm(forms.Form):
    """Which model, as of which day."""

    model = forms.ModelChoiceField(ScoringModel.objects.none(), label=_("Scoring model"))
    as_of = forms.DateField(
        label=_("As of"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models = ScoringModel.objects.exclude(state=ScoringModel.State.RETIRED).order_by(
            "state", "name", "-number"
        )
        self.fields["model"].queryset = models  # type: ignore[attr-defined]  # a choice field
        self.fields["model"].initial = ScoringModel.objects.active().order_by("name").first()
        self.fields["as_of"].initial = timezone.localdate()


class ModelForm(forms.Form):
    """Name, criteria and cut line of a scoring model; the weights have a page of their own."""

    name = forms.CharField(label=_("Name"), max_length=80)
    criteria = forms.ModelMultipleChoiceField(
        Criterion.objects.none(),
        label=_("Criteria"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Three to five, so that attention stays on what matters."),
    )
    override_reason = forms.CharField(
        label=_("Why not three to five criteria"), widget=BIG, required=False, max_length=2000
    )
    cut_kind = forms.ChoiceField(label=_("Cut line"), choices=ScoringModel.CutKind.choices)
    cut_value = forms.FloatField(
        label=_("Cut at"), initial=12, help_text=_("A number of accounts, or a total.")
    )
    exit_value = forms.FloatField(
        label=_("Leave at"),
        required=False,
        help_text=_("A later rank or a lower total, so that nobody flickers between in and out."),
    )
    participants = forms.CharField(
        label=_("Who was there"), widget=forms.TextInput, required=False, max_length=2000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        criteria = self.fields["criteria"]
        criteria.queryset = Criterion.objects.current()  # type: ignore[attr-defined]  # a choice field
        criteria.label_from_instance = lambda c: c.name  # type: ignore[attr-defined]  # a choice field


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]  # django-stubs' generic is not subscriptable here
    """A criterion in both languages, with its anchors in words."""

    class Meta:
        model = Criterion
        fields = (
            *("code", "name_de", "name_en", "need_de", "need_en", "source", "fact", "basis", "window"),
            *("data_source_de", "data_source_en", "growth_metric", "higher_is_better"),
            "may_be_not_applicable",
        )
        widgets = dict.fromkeys(("need_de", "need_en"), BIG)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = [("", "–"), *((code, fact.label) for code, fact in RATEABLE.items())]
        self.fields["fact"] = forms.ChoiceField(choices=facts, label=_("Fact"), required=False)
        windows = dict(WINDOWS) | {
            self.instance.window: dict(WINDOWS).get(self.instance.window, self.instance.window)
        }
        self.fields["window"] = forms.ChoiceField(choices=list(windows.items()), label=_("Window"))
        self.fields["growth_metric"].widget.attrs |= {"list": "growth-metrics", "autocomplete": "off"}
        if self.instance.pk and not self.instance._state.adding:
            self.fields["code"].disabled = True
        for language, label in (("de", gettext("German")), ("en", gettext("English"))):
            for level in ANCHORS:
                self.fields[f"anchor_{level}_{language}"] = forms.CharField(
                    label=gettext("What %(level)s means (%(language)s)")
                    % {"level": level, "language": label},
                    max_length=500,
                    required=False,
                    initial=self.instance.anchors.get(language, {}).get(level, ""),
                )
            self.fields[f"questions_{language}"] = forms.CharField(
                label=gettext("Guiding questions (%(language)s)") % {"language": label},
                help_text=gettext("One a line. Answered yes, partly or no they propose a value."),
                widget=BIG,
                required=False,
                initial="\n".join(each.get(language, "") for each in self.instance.questions),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse questions that do not stand in both languages, are too many or too long."""
        data = super().clean() or self.cleaned_data
        german, english = self._questions("de"), self._questions("en")
        if len(german) != len(english):
            self.add_error(
                "questions_en", gettext("Write each question in both languages, in the same order.")
            )
        if len(german) > MOST_QUESTIONS or any(len(each) > LONGEST_QUESTION for each in german + english):
            text = gettext("At most %(most)s questions of %(longest)s characters.")
            self.add_error("questions_de", text % {"most": MOST_QUESTIONS, "longest": LONGEST_QUESTION})
        return data

    def _questions(self, language: str) -> list[str]:
        lines = (self.cleaned_data.get(f"questions_{language}") or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def growth_metrics(self) -> dict[str, str]:
        """The metrics that growth can be measured by, by code; a company may write its own."""
        known = {code: gettext(name) for code, name in GROWTH_METRICS.items()}
        return {code: str(fact.label) for code, fact in RATEABLE.items()} | known

    @property
    def anchors(self) -> list[list[forms.BoundField]]:
        """The anchors by level, each in both languages."""
        return [[self[f"anchor_{level}_{language}"] for language in ("de", "en")] for level in ANCHORS]

    def values(self) -> dict[str, Any]:
        """Return what the action wants: the fields, and the anchors put together."""
        data = self.cleaned_data
        values = {
            name: data[name] for name in self.Meta.fields if name != "code" or not self.fields[name].disabled
        }
        values["anchors"] = {
            language: {
                level: data[f"anchor_{level}_{language}"]
                for level in ANCHORS
                if data[f"anchor_{level}_{language}"]
            }
            for language in ("de", "en")
        }
        pairs = zip(self._questions("de"), self._questions("en"), strict=True)
        values["questions"] = [{"de": german, "en": english} for german, english in pairs]
        return values

    def _post_clean(self) -> None:
        """The action decides and writes; the instance stays as it is."""


class RatingForm(forms.ModelForm):  # type: ignore[type-arg]  # django-stubs' generic is not subscriptable here
    """One cell with note and evidence."""

    evidence_url = forms.URLField(label=_("Evidence"), max_length=200, required=False, assume_scheme="https")

    class Meta:
        model = Rating
        fields = ("value", "not_applicable", "note", "evidence_url")
        widgets = {"note": BIG}

    # The version of the cell the person looks at; 0 while it is empty.
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new = self.instance._state.adding
        self.fields["seen_version"].initial = 0 if new else self.instance.version

    def judgement(self) -> Judgement:
        """Return what the form says."""
        data = self.cleaned_data
        return Judgement(data["value"], data["not_applicable"], data["note"], data["evidence_url"])

    def show_conflict(self, current: Rating) -> None:
        """Say what stands there by now; saving again replaces it."""
        value = gettext("n/a") if current.value is None else number(current.value, 1)
        text = gettext(
            "Meanwhile %(value)s was saved here. What you typed is not saved yet: save again to replace it."
        )
        self.add_error(None, text % {"value": value})
        self.data = {**self.data.dict(), "seen_version": str(current.version)}  # type: ignore[attr-defined]  # what a request posts

    def _post_clean(self) -> None:
        """The action decides and writes; the instance stays as it is."""


class ReasonField(forms.CharField):
    """Why somebody decided so; a refusal says what is wanted."""

    def __init__(self) -> None:
        wanted = {"required": _("Write down the reason.")}
        super().__init__(label=_("Reason"), widget=BIG, max_length=4000, error_messages=wanted)


class ReasonForm(forms.Form):
    reason = ReasonField()


class LaterField(forms.CharField):
    """A text that may be left open for now; it is not marked as optional, since the next step needs it."""

    needed_later = True


class ExpectationsForm(forms.Form):
    """What both sides expect; one may be recorded before the other, both before anybody approves."""

    internal = LaterField(label=_("What we expect"), widget=BIG, max_length=8000, required=False)
    external = LaterField(
        label=_("What the customer expects"),
        widget=BIG,
        max_length=8000,
        required=False,
        help_text=_("The approval needs both."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def show_conflict(self, current: Decision) -> None:
        """Say what stands there by now; saving again replaces it."""
        text = gettext(
            "Meanwhile this was recorded: “%(internal)s” and “%(external)s”. What you typed is not saved yet: "
            "save again to replace it."
        )
        values = {"internal": current.expectations_internal, "external": current.expectations_external}
        self.add_error(None, text % {name: value or "–" for name, value in values.items()})
        self.data = {**self.data.dict(), "seen_version": str(current.version)}  # type: ignore[attr-defined]  # what a request posts


class ApprovalForm(forms.Form):
    """Who looks after the key account, and why it becomes one."""

    kam = forms.ModelChoiceField(User.objects.none(), label=_("Key account manager"))
    reason = ReasonField()
    capacity_reason = forms.CharField(
        label=_("Why beyond the capacity"),
        widget=forms.TextInput,
        max_length=1000,
        required=False,
        help_text=_("Only when the key account manager looks after as many as planned already."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, role__in=[Role.KAM, Role.LEADER])
        self.fields["kam"].queryset = people  # type: ignore[attr-defined]  # a choice field


class BacktestForm(forms.Form):
    """Which model, from which day, against what happened afterwards."""

    model = forms.ModelChoiceField(ScoringModel.objects.all(), label=_("Scoring model"))
    as_of = forms.DateField(
        label=_("As of"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Backtest.Outcome.choices)
    horizon_days = forms.IntegerField(label=_("Horizon in days"), min_value=1, max_value=3650, initial=180)
    top = forms.IntegerField(label=_("The first N"), min_value=1, max_value=100_000, initial=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As they stand, the days after are over, so that a click is enough for a first back-test.
        days = self.fields["horizon_days"].initial
        self.fields["as_of"].initial = timezone.localdate() - timedelta(days=days)
        self.fields["model"].initial = ScoringModel.objects.active().order_by("name").first()


class RatingFileForm(forms.Form):
    """A table of one's own ratings, and the open round they are for."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX with the columns account, criterion, rating, and where known note, evidence, rated_on."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.gz,.xlsx"}),
    )
    round = forms.ModelChoiceField(
        RatingRound.objects.none(),
        label=_("Rating round"),
        required=False,
        empty_label=_("None: they count at once"),
    )

    def __init__(self, *args: Any, rater: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = RatingRound.objects.filter(raters=rater.pk, closed_at__isnull=True)
        done = RatingRound.objects.filter(ratings__rater=rater.pk, ratings__submitted_at__isnull=False)
        self.fields["round"].queryset = mine.exclude(pk__in=done.values("pk"))  # type: ignore[attr-defined]  # a choice field


class RoundForm(forms.Form):
    """Who rates what until when."""

    name = forms.CharField(label=_("Name"), max_length=80)
    criteria = forms.ModelMultipleChoiceField(
        Criterion.objects.none(), label=_("Criteria"), widget=forms.CheckboxSelectMultiple
    )
    raters = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Raters"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each rates blind; nobody sees the others before handing in."),
    )
    due_on = forms.DateField(
        label=_("Due"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), required=False
    )

    with_last = forms.BooleanField(
        label=_("Propose what each said last"),
        required=False,
        help_text=_(
            "Earlier ratings of one's own stand in the cells, with their age, until they are said again."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        criteria, raters = self.fields["criteria"], self.fields["raters"]
        criteria.queryset = Criterion.objects.current().rated()  # type: ignore[attr-defined]  # a choice field
        people = User.objects.filter(is_active=True).exclude(role=Role.VIEWER)
        raters.queryset = people  # type: ignore[attr-defined]  # a choice field
