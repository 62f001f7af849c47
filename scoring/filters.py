"""What the lists of this room can be narrowed by, in the API and on the pages alike."""

import django_filters

from accounts.filters import AccountIdFilter
from scoring.models import AccountEstimate, Decision, Rating, Scenario, Score, ScoreRun


class RunFilter(django_filters.FilterSet):
    model = django_filters.UUIDFilter(field_name="model")
    name = django_filters.CharFilter(field_name="model__name")
    as_of = django_filters.DateFilter(field_name="as_of")

    class Meta:
        model = ScoreRun
        fields = ["model", "name", "as_of"]


class ScoreFilter(django_filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    external_id = django_filters.CharFilter(field_name="account__references__external_id")
    key = django_filters.BooleanFilter(field_name="account__key_since", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Score
        fields = ["account", "external_id", "key"]


class RatingFilter(django_filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    criterion = django_filters.CharFilter(field_name="criterion__code")
    round = django_filters.UUIDFilter(field_name="round")
    rater = django_filters.UUIDFilter(field_name="rater")

    class Meta:
        model = Rating
        fields = ["account", "criterion", "round", "rater"]


class DecisionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Decision.State.choices)
    account = AccountIdFilter(field_name="account")
    run = django_filters.UUIDFilter(field_name="run")

    class Meta:
        model = Decision
        fields = ["state", "account", "run"]


class ScenarioFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Scenario.State.choices)
    model = django_filters.UUIDFilter(field_name="model")

    class Meta:
        model = Scenario
        fields = ["state", "model"]


class EstimateFilter(django_filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    external_id = django_filters.CharFilter(field_name="account__references__external_id")
    kind = django_filters.ChoiceFilter(choices=AccountEstimate.Kind.choices)
    withdrawn = django_filters.BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = AccountEstimate
        fields = ["account", "external_id", "kind", "withdrawn"]
