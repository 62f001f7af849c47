"""Reports in the admin panel: leaders look at them; they are ordered and worded in the reports room."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.actions import revoke_link
from reports.models import Report, ShareLink, ShareOpening
from reports.permissions import caller


class LookAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the stubs' generic is not subscriptable here
    """To look things up; what changes a report or its links is an action of the reports room."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Report)
class ReportAdmin(LookAdmin):
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
        "title", "account", "template", "audience", "language", "as_of", "snapshot_digest", "previous", "pdf",
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
class ShareLinkAdmin(LookAdmin):
    """Who outside has an address, and when it was opened; a link is revoked, never changed."""

    list_display = ("recipient", "report", "created_by", "expires_at", "revoked_at")
    list_filter = ("revoked_at",)
    search_fields = ("recipient", "report__title", "report__account__name")
    date_hierarchy = "created_at"
    list_select_related = ("report__account", "created_by")
    fields = readonly_fields = ("recipient", "report", "created_by", "created_at", "expires_at", "revoked_at")
    inlines = (OpeningsInline,)
    actions = ("revoke",)

    @admin.action(description=gettext_lazy("Revoke the chosen links"))
    def revoke(self, request: HttpRequest, links: QuerySet[ShareLink]) -> None:
        for link in links.select_related("report__account"):
            revoke_link(link, by=caller(request))
        self.message_user(request, _("The links open nothing any more."), messages.SUCCESS)
