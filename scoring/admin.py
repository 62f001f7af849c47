"""The room in the admin panel: leaders look, and decide proposals with a reason."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kam.lib.admin import ReadOnlyAdmin
from kam.lib.errors import DomainError
from kam.users.models import Role, User
from scoring.actions import (
    certainty,
    criteria,
    decisions,
    estimates,
    reviews,
    runs,
    scenarios,
    scoring_models,
)
from scoring.actions.capacity import set_capacity
from scoring.models import (
    AccountEstimate,
    Backtest,
    BlindList,
    Criterion,
    Decision,
    KamCapacity,
    ModelCriterion,
    PromotionConversation,
    RatingImport,
    RatingRound,
    Scenario,
    ScoreRun,
    ScoringModel,
)
from scoring.round_progress import round_progress


@admin.register(Criterion)
class CriterionAdmin(ReadOnlyAdmin):
    list_display = ("name", "code", "source", "fact", "later_growth", "archived_at")
    list_filter = ("source", "archived_at")
    search_fields = ("code", "name_de", "name_en")
    actions = ("archive", "restore")

    @admin.display(description=_("growth metric"), ordering="growth_metric")
    def later_growth(self, row: Criterion) -> str:
        return row.growth_metric_name

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
    actions = ("activate", "retire", "copy", "run")

    @admin.action(description=_("Start run"))
    def run(self, request: HttpRequest, queryset: QuerySet[ScoringModel]) -> None:
        _each(request, queryset, lambda model, by: runs.create_run(model, as_of=None, by=by))

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
    list_display = ("__str__", "as_of", "accounts", "is_sure", "created_by", "created", "finished_at")
    list_filter = ("model",)
    list_select_related = ("model", "created_by")
    date_hierarchy = "as_of"
    exclude = ("certainty",)
    actions = ("compute_certainty",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScoreRun]:
        """The figures of thousands of accounts stay where they are: of each run only whether it has any."""
        known = ExpressionWrapper(~Q(certainty=[]), output_field=BooleanField())
        runs: QuerySet[ScoreRun] = super().get_queryset(request).defer("certainty").annotate(sure=known)
        return runs

    @admin.display(description=_("How sure?"), boolean=True)
    def is_sure(self, run: Any) -> bool:
        return bool(run.sure)

    @admin.action(description=_("Compute again how sure the ranking is"))
    def compute_certainty(self, request: HttpRequest, queryset: QuerySet[ScoreRun]) -> None:
        _each(request, queryset, certainty.start_certainty)


@admin.register(RatingRound)
class RoundAdmin(ReadOnlyAdmin):
    list_display = ("name", "due_on", "progress", "closed_at")
    readonly_fields = ("by_rater",)

    @admin.display(description=_("Ratings by rater"))
    def by_rater(self, round: RatingRound) -> str:
        """Return how many cells each rater has filled, and who has handed in."""
        words = []
        for each in round_progress(round):
            state = _("handed in") if each.handed_in else _("open")
            words.append(f"{each.rater}: {each.cells} / {each.all_cells} ({state})")
        return " · ".join(words) or "–"

    @admin.display(description=_("Raters who submitted"))
    def progress(self, round: RatingRound) -> str:
        submitted = round.ratings.filter(submitted_at__isnull=False).values("rater").distinct().count()
        return f"{submitted} / {round.raters.count()}"


@admin.register(RatingImport)
class RatingImportAdmin(ReadOnlyAdmin):
    """Who handed in which table when; what it says is the rater's own."""

    list_display = ("file_name", "created_by", "round", "state", "created", "committed_at", "undone_at")
    list_filter = ("state",)
    list_select_related = ("created_by", "round")
    exclude = ("rows", "problems", "done", "kept")


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


@admin.register(AccountEstimate)
class EstimateAdmin(ReadOnlyAdmin):
    list_display = (
        "account",
        "kind",
        "value",
        "source",
        "confidence",
        "stated_on",
        "stated_by",
        "withdrawn_at",
    )
    list_filter = ("kind", "confidence")
    search_fields = ("account__name", "account__brand_name", "source")
    list_select_related = ("account", "stated_by")
    actions = ("withdraw",)

    @admin.action(description=_("Withdraw"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet[AccountEstimate]) -> None:
        _each(request, queryset, estimates.withdraw_estimate)


APPROVAL_TEXTS = ("expectations_internal", "expectations_external", "capacity_reason")


class DecisionActionForm(ActionForm):
    """The bar above the list: every decision needs its reason, an approval its KAM and what both sides expect,
    unless that has been recorded already.
    """

    reason = forms.CharField(label=_("Reason"), required=False, max_length=4000)
    kam = forms.ModelChoiceField(
        User.objects.filter(is_active=True, role__in=[Role.KAM, Role.LEADER]),
        label=_("Key account manager"),
        required=False,
    )
    expectations_internal = forms.CharField(label=_("What we expect"), required=False, max_length=8000)
    expectations_external = forms.CharField(
        label=_("What the customer expects"), required=False, max_length=8000
    )
    capacity_reason = forms.CharField(label=_("Why beyond the capacity"), required=False, max_length=1000)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("account", "state", "proposed_by", "decided_by", "decided_at", "kam", "review_on")
    list_filter = ("state", "kam")
    search_fields = ("account__name", "account__brand_name")
    list_select_related = ("account", "proposed_by", "decided_by", "kam")
    action_form = DecisionActionForm
    actions = ("approve", "decline", "keep", "end")

    @admin.action(description=_("Approve"))
    def approve(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        kam = next(
            (u for u in User.objects.filter(is_active=True) if str(u.pk) == request.POST.get("kam")), None
        )

        def verb(decision: Decision, *, by: User) -> Decision:
            chosen = kam or decision.account.kam or decision.account.owner or by
            texts = {name: request.POST.get(name, "") for name in APPROVAL_TEXTS}
            return decisions.approve_decision(decision, by=by, reason=_reason(request), kam=chosen, **texts)

        _each(request, queryset, verb)

    @admin.action(description=_("Decline"))
    def decline(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        _each(request, queryset, lambda d, by: decisions.decline_decision(d, by=by, reason=_reason(request)))

    @admin.action(description=_("Keep for another year"))
    def keep(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        _each(request, queryset, lambda d, by: reviews.keep_decision(d, by=by, reason=_reason(request)))

    @admin.action(description=_("End key status"))
    def end(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        _each(request, queryset, lambda d, by: decisions.end_decision(d, by=by, reason=_reason(request)))


@admin.register(PromotionConversation)
class ConversationAdmin(ReadOnlyAdmin):
    """Which customers know that they are key accounts; logged on the plan and over the API."""

    list_display = ("decision", "due_on", "held_on", "kind", "held_by")
    list_filter = (("held_on", admin.EmptyFieldListFilter), "kind")
    search_fields = ("decision__account__name", "decision__account__brand_name")
    list_select_related = ("decision__account", "held_by")
    fields = ("decision", "due_on", "held_on", "kind", "contacts", "said", "held_by")


@admin.register(KamCapacity)
class CapacityAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the stubs' generic is not subscriptable here
    """How many key accounts somebody looks after at most; an approval beyond takes a reason."""

    list_display = ("kam", "most", "set_by", "changed")
    list_select_related = ("kam", "set_by")
    fields = ("kam", "most")

    @admin.display(description=_("changed"), ordering="updated_at")
    def changed(self, capacity: KamCapacity) -> Any:
        return capacity.updated_at

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kam",) if obj else ()

    def save_model(self, request: HttpRequest, obj: KamCapacity, form: Any, change: bool) -> None:
        try:
            saved = set_capacity(obj.kam, obj.most, by=cast(User, request.user))
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            obj.pk = saved.pk if saved else None

    def delete_model(self, request: HttpRequest, obj: KamCapacity) -> None:
        set_capacity(obj.kam, None, by=cast(User, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[KamCapacity]) -> None:
        for row in queryset.select_related("kam"):
            self.delete_model(request, row)


@admin.register(BlindList)
class BlindListAdmin(ReadOnlyAdmin):
    """Lists named blind; one that is still being written is nobody else's business."""

    list_display = ("person", "handed_in_at", "named")
    list_select_related = ("person",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlindList]:
        lists: QuerySet[BlindList] = super().get_queryset(request)
        return lists.filter(handed_in_at__isnull=False).annotate(named=Count("accounts"))

    @admin.display(description=_("Accounts"))
    def named(self, blind: Any) -> int:
        return int(blind.named)


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
