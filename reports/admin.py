"""Reports in the admin panel: leaders look at them; they are ordered and worded in the reports room."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kam.lib.admin import ReadOnlyAdmin
from reports.actions import pause_schedule, revoke_link
from reports.models import DeliveredReport, Report, ReportDelivery, ReportSchedule, ShareLink, ShareOpening
from reports.permissions import caller


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = (
        "__str__",
        "template",
        "audience",
        "language",
        "as_of",
        "created_by",
        "built_at",
        "approved_at",
    )
    list_filter = ("template", "audience", "language")
    search_fields = ("title", "account__name")
    date_hierarchy = "as_of"
    list_select_related = ("account", "created_by")
    fields = readonly_fields = (
        "title", "account", "template", "sections", "skipped", "audience", "language", "as_of", "snapshot_digest",
        "previous", "pdf",
        "created_by", "built_at", "approved_by", "approved_at", "approval_note",
    )  # fmt: skip


class OpeningsInline(admin.TabularInline):  # type: ignore[type-arg]  # the stubs' generic is not subscriptable here
    model = ShareOpening
    fields = readonly_fields = ("opened_at", "kind", "agent", "is_machine")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyAdmin):
    """Who outside has an address, and when it was opened; a link is revoked, never changed."""

    list_display = ("recipient", "report", "created_by", "expires_at", "revoked_at")
    list_filter = ("revoked_at",)
    search_fields = ("recipient", "report__title", "report__account__name")
    date_hierarchy = "created_at"
    list_select_related = ("report__account", "created_by")
    fields = readonly_fields = ("recipient", "report", "created_by", "created", "expires_at", "revoked_at")
    inlines = (OpeningsInline,)
    actions = ("revoke",)

    @admin.display(description=gettext_lazy("created"), ordering="created_at")
    def created(self, link: ShareLink) -> Any:
        return link.created_at

    @admin.action(description=gettext_lazy("Revoke the chosen links"))
    def revoke(self, request: HttpRequest, links: QuerySet[ShareLink]) -> None:
        for link in links.select_related("report__account"):
            revoke_link(link, by=caller(request))
        self.message_user(request, _("The links open nothing any more."), messages.SUCCESS)


@admin.register(ReportSchedule)
class ReportScheduleAdmin(ReadOnlyAdmin):
    """Which reports come by themselves; they can be paused here."""

    list_display = ("__str__", "rhythm", "language", "next_on", "is_active", "created_by")
    list_filter = ("rhythm", "template", "is_active")
    search_fields = ("account__name",)
    list_select_related = ("account", "created_by")
    fields = readonly_fields = (
        "template", "account", "rhythm", "language", "start_on", "next_on", "recipients", "is_active", "created_by",
    )  # fmt: skip
    actions = ("pause", "resume")

    @admin.action(description=gettext_lazy("Pause the chosen reports"))
    def pause(self, request: HttpRequest, schedules: QuerySet[ReportSchedule]) -> None:
        self._change(request, schedules, active=False)

    @admin.action(description=gettext_lazy("Go on with the chosen reports"))
    def resume(self, request: HttpRequest, schedules: QuerySet[ReportSchedule]) -> None:
        self._change(request, schedules, active=True)

    def _change(self, request: HttpRequest, schedules: QuerySet[ReportSchedule], *, active: bool) -> None:
        for schedule in schedules.select_related("account"):
            pause_schedule(schedule, active=active, by=caller(request))
        self.message_user(request, _("Done."), messages.SUCCESS)


class CopiesInline(admin.TabularInline):  # type: ignore[type-arg]  # the stubs' generic is not subscriptable here
    model = DeliveredReport
    fields = readonly_fields = ("user", "delivered_at", "mailed_at", "seen_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ReportDelivery)
class ReportDeliveryAdmin(ReadOnlyAdmin):
    """What came of each slot, and who has got it."""

    list_display = ("__str__", "slot", "report")
    date_hierarchy = "slot"
    list_select_related = ("schedule__account", "report")
    fields = readonly_fields = ("schedule", "slot", "report")
    inlines = (CopiesInline,)
