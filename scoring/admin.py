"""The room in the admin panel: leaders look, and decide proposals with a reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kam.lib.errors import DomainError
from kam.users.models import Role, User
from scoring.actions import criteria, decisions, scenarios, scoring_models
from scoring.models import (
    Backtest,
    Criterion,
    Decision,
    ModelCriterion,
    RatingRound,
    Scenario,
    ScoreRun,
    ScoringModel,
)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the stubs' generic is not subscriptable here
    """Rows are written by actions; here they are looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Criterion)
class CriterionAdmin(ReadOnlyAdmin):
    list_display = ("name", "code", "source", "fact", "growth_metric", "archived_at")
    list_filter = ("source", "archived_at")
    search_fields = ("code", "name_de", "name_en")
    actions = ("archive", "restore")

    @admin.action(description=_("Archive"))
    def archive(self, request: HttpRequest, queryset: QuerySet[Criterion]) -> None:
        _each(request, queryset, criteria.archive_criterion)

    @admin.action(description=_("Restore"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Criterion]) -> None:
        _each(request, queryset, criteria.restore_criterion)


class ItemInline(admin.TabularInline):  # type: ignore[type-arg]  # the stubs' generic is not subscriptable here
    model = ModelCriterion
    extra = 0
    can_delete = False
    fields = readonly_fields = ("criterion", "weight", "rank", "rule", "basis", "window")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ScoringModel)
class ModelAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state", "weight_method", "cut_kind", "cut_value", "approved_by", "used_at")
    list_filter = ("state", "weight_method")
    search_fields = ("name",)
    inlines = (ItemInline,)
    actions = ("activate", "retire", "copy")

    @admin.action(description=_("Put to use"))
    def activate(self, request: HttpRequest, queryset: QuerySet[ScoringModel]) -> None:
        _each(request, queryset, scoring_models.activate_model)

    @admin.action(description=_("Retire"))
    def retire(self, request: HttpRequest, queryset: QuerySet[ScoringModel]) -> None:
        _each(request, queryset, scoring_models.retire_model)

    @admin.action(description=_("Make next version"))
    def copy(self, request: HttpRequest, queryset: QuerySet[ScoringModel]) -> None:
        _each(request, queryset, scoring_models.copy_model)


@admin.register(ScoreRun)
class RunAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "as_of", "accounts", "created_by", "created_at", "finished_at")
    list_filter = ("model",)
    date_hierarchy = "as_of"
    exclude = ("certainty",)


@admin.register(RatingRound)
class RoundAdmin(ReadOnlyAdmin):
    list_display = ("name", "due_on", "progress", "closed_at")

    @admin.display(description=_("Raters who submitted"))
    def progress(self, round: RatingRound) -> str:
        submitted = round.ratings.filter(submitted_at__isnull=False).values("rater").distinct().count()
        return f"{submitted} / {round.raters.count()}"


@admin.register(Backtest)
class BacktestAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "horizon_days", "top", "created_by", "finished_at")


class ScenarioActionForm(ActionForm):
    """The bar above the list: why."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=4000)


@admin.register(Scenario)
class ScenarioAdmin(ReadOnlyAdmin):
    list_display = ("name", "model", "state", "created_by", "proposed_by", "decided_by", "result")
    list_filter = ("state",)
    search_fields = ("name",)
    list_select_related = ("model", "created_by", "proposed_by", "decided_by", "result")
    action_form = ScenarioActionForm
    actions = ("approve", "decline")

    @admin.action(description=_("Approve"))
    def approve(self, request: HttpRequest, queryset: QuerySet[Scenario]) -> None:
        _each(request, queryset, lambda s, by: scenarios.approve_scenario(s, by=by, reason=_reason(request)))

    @admin.action(description=_("Decline"))
    def decline(self, request: HttpRequest, queryset: QuerySet[Scenario]) -> None:
        _each(request, queryset, lambda s, by: scenarios.decline_scenario(s, by=by, reason=_reason(request)))


class DecisionActionForm(ActionForm):
    """The bar above the list: every decision needs its reason, an approval its KAM."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=4000)
    kam = forms.ModelChoiceField(
        User.objects.filter(is_active=True, role__in=[Role.KAM, Role.LEADER]),
        label=_("Key account manager"),
        required=False,
    )


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("account", "state", "proposed_by", "decided_by", "decided_at", "kam", "review_on")
    list_filter = ("state", "kam")
    search_fields = ("account__name", "account__brand_name")
    list_select_related = ("account", "proposed_by", "decided_by", "kam")
    action_form = DecisionActionForm
    actions = ("approve", "decline", "end")

    @admin.action(description=_("Approve"))
    def approve(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        kam = next(
            (u for u in User.objects.filter(is_active=True) if str(u.pk) == request.POST.get("kam")), None
        )

        def verb(decision: Decision, *, by: User) -> Decision:
            chosen = kam or decision.account.kam or decision.account.owner or by
            return decisions.approve_decision(decision, by=by, reason=_reason(request), kam=chosen)

        _each(request, queryset, verb)

    @admin.action(description=_("Decline"))
    def decline(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        _each(request, queryset, lambda d, by: decisions.decline_decision(d, by=by, reason=_reason(request)))

    @admin.action(description=_("End key status"))
    def end(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        _each(request, queryset, lambda d, by: decisions.end_decision(d, by=by, reason=_reason(request)))


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


def _each(request: HttpRequest, rows: QuerySet[Any], verb: Callable[..., Any]) -> None:
    """Do something to every chosen row by its action; what is refused is said, the rest is done."""
    for row in rows:
        try:
            verb(row, by=request.user)
        except DomainError as error:
            messages.error(request, f"{row}: {error}")
        else:
            messages.success(request, str(row))
