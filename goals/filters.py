"""The filters of goals and metrics: one set for page and API."""

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.filters import AccountIdFilter, PersonFilter
from accounts.models import Visibility
from goals.models import BetaParticipation, Contract, Goal, Metric, Opportunity, Playbook
from kam.lib.api.filters import MomentFilter


class GoalFilters(filters.FilterSet):
    """What goals can be filtered by."""

    q = filters.CharFilter(label=_("Search"), max_length=200, method="by_words")
    account = AccountIdFilter(label=_("Account"), field_name="account")
    side = filters.ChoiceFilter(label=_("Side"), choices=Goal.Side.choices)
    owner = PersonFilter(label=_("Owner"), field_name="owner")
    open = filters.BooleanFilter(label=_("Open"), method="by_open")
    overdue = filters.BooleanFilter(label=_("Overdue"), method="by_overdue")
    idle = filters.BooleanFilter(label=_("Without work for 30 days"), method="by_idle")
    outcome = filters.ChoiceFilter(
        label=_("Outcome"), choices=[choice for choice in Goal.Outcome.choices if choice[0]]
    )
    visibility = filters.ChoiceFilter(label=_("Visibility"), choices=Visibility.choices)
    due_until = filters.DateFilter(label=_("Due until"), field_name="due_on", lookup_expr="lte")
    updated_since = MomentFilter(label=_("Changed since"), field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Goal
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_open(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(closed_at__isnull=value)

    def by_overdue(self, queryset: Any, name: str, value: bool) -> Any:
        late = queryset.overdue(timezone.localdate())
        return late if value else queryset.exclude(pk__in=late.order_by().values("pk"))

    def by_idle(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.idle() if value else queryset.exclude(pk__in=queryset.idle().order_by().values("pk"))


class PlaybookFilters(filters.FilterSet):
    archived = filters.BooleanFilter(label=_("Retired"), help_text="true: only retired ones; default: false")

    class Meta:
        model = Playbook
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset.retired() if self.form.cleaned_data["archived"] else queryset.current()


class MetricFilters(filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    fact = filters.CharFilter(max_length=40)
    computed = filters.BooleanFilter(method="by_computed")
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Metric
        fields: list[str] = []

    def by_computed(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.computed() if value else queryset.delivered()


class OpportunityFilters(filters.FilterSet):
    """What opportunities can be filtered by."""

    q = filters.CharFilter(label=_("Search"), max_length=200, method="by_words")
    account = AccountIdFilter(label=_("Account"), field_name="account")
    open = filters.BooleanFilter(label=_("Open"), method="by_open")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=Opportunity.Kind.choices)
    stage = filters.ChoiceFilter(label=_("Stage"), choices=Opportunity.Stage.choices)
    owner = PersonFilter(label=_("Owner"), field_name="owner")
    late = filters.BooleanFilter(label=_("Expected day has passed"), method="by_late")
    expected_until = filters.DateFilter(
        label=_("Expected until"), field_name="expected_on", lookup_expr="lte"
    )
    updated_since = MomentFilter(label=_("Changed since"), field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Opportunity
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_open(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(closed_on__isnull=value)

    def by_late(self, queryset: Any, name: str, value: bool) -> Any:
        late = queryset.late(timezone.localdate())
        return late if value else queryset.exclude(pk__in=late.order_by().values("pk"))


class ContractFilters(filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    q = filters.CharFilter(max_length=200, method="by_words")
    ending_until = filters.DateFilter(field_name="end_on", lookup_expr="lte")
    running = filters.BooleanFilter(method="by_running")
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Contract
        fields: list[str] = []

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_running(self, queryset: Any, name: str, value: bool) -> Any:
        running = queryset.running(timezone.localdate())
        return running if value else queryset.exclude(pk__in=running.order_by().values("pk"))


class ParticipationFilters(filters.FilterSet):
    account = AccountIdFilter(field_name="account")
    programme = filters.UUIDFilter(field_name="programme")
    state = filters.ChoiceFilter(choices=BetaParticipation.State.choices)
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = BetaParticipation
        fields: list[str] = []
