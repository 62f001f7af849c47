"""What the admin panels of the rooms share."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db.models import FileField, JSONField, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kam.lib.formatting import MISSING, number

# Of a list in a JSON column, so many rows are shown.
MOST_ROWS = 50


class CalendarChangeList(ChangeList):
    """Django's list; a day whose moment lies outside the calendar in UTC is refused like any other nonsense."""

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error


class ChosenRows:
    """A list that does something with the rows chosen in it; a row that none can be called is refused."""

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        key = queryset.model._meta.pk
        if not all(may_be_key(key, text) for text in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise SuspiciousOperation("a chosen row is none")
        return super().response_action(request, queryset)  # type: ignore[misc]  # ModelAdmin's, beside it


class ReadOnlyAdmin(ChosenRows, admin.ModelAdmin):  # type: ignore[type-arg]  # the class takes no argument at run time
    """Rows that actions write, by their rules; here they are looked at."""

    list_per_page = 50

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, row: Any) -> Any:
        return row.created_at

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return CalendarChangeList

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        columns = {column.name: column for column in self.model._meta.concrete_fields}
        return [
            _outlined(columns[name]) if isinstance(columns.get(name), JSONField | FileField) else name
            for name in super().get_fields(request, obj)
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _outlined(column: JSONField | FileField) -> Callable[[Any], Any]:
    """Return what shows a JSON column as an outline and a file by its name: no address serves files as they lie."""

    def shown(row: Any) -> Any:
        return outline(getattr(row, column.name))

    shown.__name__ = column.name
    return admin.display(description=column.verbose_name)(shown)


def outline(value: Any) -> Any:
    """Return a JSON value as nested lists of names and values; of long lists, the first rows."""
    if isinstance(value, Mapping) and value:
        rows = ((name, outline(each)) for name, each in value.items())
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))
    if isinstance(value, list) and value:
        more = gettext("… and %(more)s more") % {"more": len(value) - MOST_ROWS}
        shown = [*map(outline, value[:MOST_ROWS]), *([more] if len(value) > MOST_ROWS else [])]
        if not any(isinstance(each, Mapping | list) for each in value):
            return format_html_join("; ", "{}", ((each,) for each in shown))
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((each,) for each in shown)))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | float):
        return number(round(value, 6))
    return value or MISSING


class RowSelect(AutocompleteSelect):
    """Django's box that searches rows; what no row can be called is not looked for, and the field refuses it."""

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        key = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [text for text in value if may_be_key(key, text)], attrs)


def may_be_key(key: Any, text: str) -> bool:
    """Say whether a row could have this text as its key."""
    try:
        key.to_python(text)
    except ValidationError:
        return False
    return True
