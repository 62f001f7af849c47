"""Plain registration for support staff; every change of a person's goes through the actions of the pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import caller
from goals.actions.playbooks import restore_playbook, retire_playbook
from goals.models import (
    AccountYear,
    BetaFeedback,
    BetaLimits,
    BetaParticipation,
    BetaProgramme,
    Challenge,
    Contract,
    Expectation,
    Goal,
    HealthMonth,
    JointProject,
    Metric,
    Opportunity,
    Plan,
    Playbook,
    PlaybookRun,
    PlaybookStep,
    Procedure,
    Promise,
    ValueEntry,
)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class takes no argument at run time
    """To look things up: a change here would stand in no timeline."""

    list_select_related: Any = ("account",)
    search_fields: tuple[str, ...] = ("account__name",)
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Goal)
class GoalAdmin(ReadOnlyAdmin):
    list_display = ("title", "account", "side", "owner", "due_on", "outcome")
    list_filter = ("side", "visibility", "outcome")
    search_fields = ("title", "account__name")
    list_select_related = ("account", "owner")


@admin.register(HealthMonth)
class HealthMonthAdmin(ReadOnlyAdmin):
    list_display = ("account", "as_of", "score", "completeness", "revenue_before", "revenue_after")
    list_filter = ("as_of",)


@admin.register(Metric)
class MetricAdmin(ReadOnlyAdmin):
    list_display = ("name", "account", "fact", "basis", "window", "unit")
    list_filter = ("fact", "basis")
    search_fields = ("name", "account__name")


@admin.register(Promise)
class PromiseAdmin(ReadOnlyAdmin):
    list_display = ("text", "account", "owner", "due_on", "state")
    list_filter = ("state",)
    list_select_related = ("account", "owner")


@admin.register(Expectation)
class ExpectationAdmin(ReadOnlyAdmin):
    list_display = ("text", "account", "side", "accepted_at", "accepted_by")
    list_filter = ("side",)


@admin.register(Opportunity)
class OpportunityAdmin(ReadOnlyAdmin):
    list_display = ("title", "account", "kind", "stage", "value", "expected_on", "owner")
    list_filter = ("kind", "stage")
    search_fields = ("title", "account__name")
    list_select_related = ("account", "owner")


@admin.register(Contract)
class ContractAdmin(ReadOnlyAdmin):
    list_display = ("title", "account", "start_on", "end_on", "notice_days", "renews_by", "value")
    list_filter = ("end_on",)
    search_fields = ("title", "account__name")


@admin.register(PlaybookRun)
class PlaybookRunAdmin(ReadOnlyAdmin):
    list_display = ("playbook", "account", "started_on", "ended_at")
    list_select_related = ("account", "playbook")


class ParticipationInline(admin.TabularInline):  # type: ignore[type-arg]  # the class takes no argument at run time
    model = BetaParticipation
    extra = 0
    fields = ("account", "state", "invited_on", "consent_by", "consent_on", "consent_how", "outcome")


@admin.register(BetaProgramme)
class BetaProgrammeAdmin(ReadOnlyAdmin):
    list_display = ("name", "offering", "starts_on", "ends_on", "places", "owner", "closed_at")
    list_select_related = ("offering", "owner")
    search_fields = ("name",)
    inlines = (ParticipationInline,)


@admin.register(BetaParticipation)
class BetaParticipationAdmin(ReadOnlyAdmin):
    list_display = ("programme", "account", "state", "invited_on", "consent_on", "consent_by", "outcome")
    list_filter = ("state", "outcome", "programme")
    list_select_related = ("programme", "account")


@admin.register(BetaFeedback)
class BetaFeedbackAdmin(ReadOnlyAdmin):
    list_display = ("given_on", "kind", "text", "participation")
    list_filter = ("kind",)
    list_select_related = ("participation__programme", "participation__account")
    search_fields = ("text",)


@admin.register(BetaLimits)
class BetaLimitsAdmin(ReadOnlyAdmin):
    list_display = ("at_once", "per_year")
    list_select_related = False
    search_fields = ()


class StepInline(admin.TabularInline):  # type: ignore[type-arg]  # the class takes no argument at run time
    model = PlaybookStep
    extra = 0


@admin.register(Playbook)
class PlaybookAdmin(ReadOnlyAdmin):
    """Their texts are written on their page; here one is retired or brought back."""

    list_display = ("name", "archived_at")
    list_filter = (("archived_at", admin.EmptyFieldListFilter),)
    list_select_related = False
    search_fields = ("name",)
    inlines = (StepInline,)
    actions = ("retire", "restore")

    @admin.action(description=_("Retire"))
    def retire(self, request: HttpRequest, queryset: QuerySet[Playbook]) -> None:
        for playbook in queryset:
            retire_playbook(playbook, by=caller(request))

    @admin.action(description=_("Bring back"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Playbook]) -> None:
        for playbook in queryset:
            restore_playbook(playbook, by=caller(request))


admin.site.register([Plan, Procedure, JointProject, Challenge, ValueEntry, AccountYear], ReadOnlyAdmin)
