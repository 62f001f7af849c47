"""What the admin panels of the rooms share."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class takes no argument at run time
    """Rows that actions write, by their rules; here they are looked at."""

    list_per_page = 50

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, row: Any) -> Any:
        return row.created_at

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
