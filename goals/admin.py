"""Plain registration for support staff; every change of a person's goes through the actions of the pages."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import caller
from goals.actions.playbooks import restore_playbook, retire_playbook
from goals.models import (
    AccountPeriod,
    AccountYear,
    BetaFeedback,
    BetaLimits,
    BetaParticipation,
    BetaProgramme,
    Challenge,
    Contract,
    CostRates,
    Expectation,
    Goal,
    GoalTarget,
    HealthMonth,
    JointProject,
    Measurement,
    Metric,
    Milestone,
    Opportunity,
    Plan,
    Playbook,
    PlaybookRun,
    PlaybookStep,
    Procedure,
    Promise,
    TableImport,
    ValueEntry,
)
from kam.lib import formatting
from kam.lib.admin import ReadOnlyAdmin


def figure(name: str, label: Any) -> Callable[[Any], str]:
    """Return a column that shows a figure as people write it, without idle zeros."""

    @admin.display(description=label, ordering=name)
    def shown(row: Any) -> str:
        value = getattr(row, name)
        return formatting.number(value if value is None else value.normalize())

    return shown


class OfAccountAdmin(ReadOnlyAdmin):
    """To look things up: a change here would stand in no timeline."""

    list_select_related: Any = ("account",)
    search_fields: tuple[str, ...] = ("account__name",)

    @admin.display(description=_("changed"), ordering="updated_at")
    def changed(self, row: Any) -> Any:
        return row.updated_at


class MilestoneInline(admin.TabularInline):  # type: ignore[type-arg]  # the class takes no argument at run time
    model = Milestone
    extra = 0
    fields = ("title", "due_on", "value", "done_at")


class EarlierTargetInline(admin.TabularInline):  # type: ignore[type-arg]  # the class takes no argument at run time
    model = GoalTarget
    verbose_name_plural = _("earlier targets")
    extra = 0
    fields = ("target_value", "due_on", "reason", "changed_by")


@admin.register(Goal)
class GoalAdmin(OfAccountAdmin):
    list_display = ("title", "account", "side", "owner", "due_on", "outcome")
    inlines = (MilestoneInline, EarlierTargetInline)
    list_filter = ("side", "visibility", "outcome")
    search_fields = ("title", "account__name")
    list_select_related = ("account", "owner")


@admin.register(HealthMonth)
class HealthMonthAdmin(OfAccountAdmin):
    list_display = ("account", "as_of", "score", "completeness", "revenue_before", "revenue_after")
    list_filter = ("as_of",)


@admin.register(Metric)
class MetricAdmin(OfAccountAdmin):
    list_display = ("name", "account", "fact", "basis", "window", "unit")
    # Most are kept by hand and name no fact: a filter by its name would offer a link without words.
    list_filter = (("fact", admin.EmptyFieldListFilter), "basis")
    search_fields = ("name", "account__name", "fact")


class SingleRowAdmin(OfAccountAdmin):
    """A row for the whole company: until somebody changes it there is none, and what was shipped holds."""

    list_select_related = False
    search_fields = ()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if not self.model.objects.exists():
            fields = [self.model._meta.get_field(str(name)) for name in self.list_display]
            current = self.model.current()
            values = "; ".join(f"{each.verbose_name}: {getattr(current, each.name)}" for each in fields)
            self.message_user(
                request, _("Nobody has changed it yet. What holds: %(values)s.") % {"values": values}
            )
        return super().changelist_view(request, extra_context)


@admin.register(Measurement)
class MeasurementAdmin(OfAccountAdmin):
    """There are many: the count of all rows is left out."""

    list_display = ("metric", "account", "measured_on", figure("value", _("value")), "source", "created_by")
    list_filter = ("source",)
    list_select_related = ("metric__account", "created_by")
    search_fields = ("metric__name", "metric__account__name")
    show_full_result_count = False

    @admin.display(description=_("account"))
    def account(self, measurement: Measurement) -> str:
        return str(measurement.metric.account)


@admin.register(TableImport)
class TableImportAdmin(OfAccountAdmin):
    list_display = ("kind", "created", "created_by", "written", "undone_at", "kept")
    list_filter = ("kind",)
    list_select_related = ("created_by",)
    search_fields = ("created_by__name",)


@admin.register(CostRates)
class CostRatesAdmin(SingleRowAdmin):
    list_display = ("hourly_rate", "allowed_discount")


@admin.register(Plan)
class PlanAdmin(OfAccountAdmin):
    list_display = ("account", "why", "changed")


@admin.register(AccountYear)
class AccountYearAdmin(OfAccountAdmin):
    """What is planned, what the customer spends, and imported costs, by year."""

    list_display = (
        "account",
        "of_year",
        figure("planned_revenue", _("planned revenue")),
        figure("wallet", _("spend of the customer")),
        "wallet_source",
        figure("other_cost", _("other cost to serve")),
    )
    list_filter = ("year",)

    @admin.display(description=_("year"), ordering="year")
    def of_year(self, row: AccountYear) -> str:
        return str(row.year)


@admin.register(AccountPeriod)
class AccountPeriodAdmin(OfAccountAdmin):
    list_display = ("name", "account", "start_on", "end_on")
    search_fields = ("name", "account__name")


@admin.register(Procedure)
class ProcedureAdmin(OfAccountAdmin):
    list_display = ("title", "account", "changed")
    search_fields = ("title", "account__name")


@admin.register(JointProject)
class JointProjectAdmin(OfAccountAdmin):
    list_display = ("title", "account", "state", "due_on", "owner", "visibility")
    list_filter = ("state", "visibility")
    list_select_related = ("account", "owner")
    search_fields = ("title", "account__name")


@admin.register(Challenge)
class ChallengeAdmin(OfAccountAdmin):
    list_display = ("title", "account", "raised_on", "resolved_on", "visibility")
    list_filter = ("visibility",)
    search_fields = ("title", "account__name")


@admin.register(ValueEntry)
class ValueEntryAdmin(OfAccountAdmin):
    list_display = (
        "text",
        "account",
        "direction",
        "kind",
        figure("amount", _("worth")),
        "occurred_on",
        "visibility",
    )
    list_filter = ("direction", "kind", "visibility")
    search_fields = ("text", "account__name")


@admin.register(Promise)
class PromiseAdmin(OfAccountAdmin):
    list_display = ("text", "account", "owner", "due_on", "state")
    list_filter = ("state",)
    list_select_related = ("account", "owner")


@admin.register(Expectation)
class ExpectationAdmin(OfAccountAdmin):
    list_display = ("text", "account", "side", "accepted_at", "accepted_by")
    list_filter = ("side",)


@admin.register(Opportunity)
class OpportunityAdmin(OfAccountAdmin):
    list_display = ("title", "account", "kind", "stage", figure("value", _("value")), "expected_on", "owner")
    list_filter = ("kind", "stage")
    search_fields = ("title", "account__name")
    list_select_related = ("account", "owner")


@admin.register(Contract)
class ContractAdmin(OfAccountAdmin):
    list_display = (
        "title",
        "account",
        "start_on",
        "end_on",
        "notice_days",
        "renews_by",
        figure("value", _("value")),
    )
    list_filter = ("end_on",)
    search_fields = ("title", "account__name")


@admin.register(PlaybookRun)
class PlaybookRunAdmin(OfAccountAdmin):
    list_display = ("playbook", "account", "started_on", "ended_at")
    list_select_related = ("account", "playbook")


class ParticipationInline(admin.TabularInline):  # type: ignore[type-arg]  # the class takes no argument at run time
    model = BetaParticipation
    extra = 0
    fields = ("account", "state", "invited_on", "consent_by", "consent_on", "consent_how", "outcome")


@admin.register(BetaProgramme)
class BetaProgrammeAdmin(OfAccountAdmin):
    list_display = ("name", "offering", "starts_on", "ends_on", "places", "owner", "closed_at")
    list_select_related = ("offering", "owner")
    search_fields = ("name",)
    inlines = (ParticipationInline,)


@admin.register(BetaParticipation)
class BetaParticipationAdmin(OfAccountAdmin):
    list_display = ("programme", "account", "state", "invited_on", "consent_on", "consent_by", "outcome")
    list_filter = ("state", "outcome", "programme")
    list_select_related = ("programme", "account")


@admin.register(BetaFeedback)
class BetaFeedbackAdmin(OfAccountAdmin):
    list_display = ("given_on", "kind", "text", "participation")
    list_filter = ("kind",)
    list_select_related = ("participation__programme", "participation__account")
    search_fields = ("text",)


@admin.register(BetaLimits)
class BetaLimitsAdmin(SingleRowAdmin):
    list_display = ("at_once", "per_year")


class StepInline(admin.StackedInline):  # type: ignore[type-arg]  # the class takes no argument at run time
    model = PlaybookStep
    extra = 0


@admin.register(Playbook)
class PlaybookAdmin(OfAccountAdmin):
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
