"""What an action refuses, said in the form that asked for it."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm

from kam.lib.errors import DomainError


def tried(form: BaseForm, change: Callable[[], Any]) -> Any:
    """Return what the action returned; what it refuses stands in the form, and None comes back."""
    try:
        return change()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None
