"""What an action refuses, said in the form that asked for it."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from kam.lib.errors import DomainError, InvalidInput
from kam.lib.text import is_storable


def tried(form: BaseForm, change: Callable[[], Any]) -> Any:
    """Return what the action returned; what it refuses stands in the form, and None comes back."""
    try:
        return change()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


def posted(request: HttpRequest, name: str, default: str = "") -> str:
    """Return a text of a page without a form of Django's. Raises InvalidInput for one that no database takes."""
    text = request.POST.get(name, default)
    if not is_storable(text):
        message = gettext_noop("A text has characters that cannot be stored.")
        raise InvalidInput("bad_text", message, field=name)
    return text
