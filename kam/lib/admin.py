"""What the admin panels of the rooms share."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class CalendarChangeList(ChangeList):
    """Django's list; a day whose moment lies outside the calendar in UTC is refused like any other nonsense."""

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the class takes no argument at run time
    """Rows that actions write, by their rules; here they are looked at."""

    list_per_page = 50

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, row: Any) -> Any:
        return row.created_at

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return CalendarChangeList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RowSelect(AutocompleteSelect):
    """Django's box that searches rows; what no row can be called is not looked for, and the field refuses it."""

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        return super().optgroups(name, [text for text in value if self._may_be_key(text)], attrs)

    def _may_be_key(self, text: str) -> bool:
        try:
            self.field.remote_field.model._meta.pk.to_python(text)
        except ValidationError:
            return False
        return True
