"""Three versions of a form side by side: what it was filled with, what was typed, what stands there now."""

from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass(frozen=True)
class MergeRow:
    """One field. ``choice`` is the side to prefer, empty where both sides changed it and a person decides."""

    name: str
    label: str
    before: str
    yours: str
    theirs: str
    shown_before: str
    shown_yours: str
    shown_theirs: str
    choice: str

    @property
    def is_changed(self) -> bool:
        return not self.before == self.yours == self.theirs


def merge_rows(form: forms.Form, current: forms.Form) -> list[MergeRow]:
    """Return a row for each visible field; ``current`` is the same form filled with what stands there now."""
    return [_row(form[field.name], current[field.name]) for field in form.visible_fields()]


def _row(field: forms.BoundField, current: forms.BoundField) -> MergeRow:
    before = str(field.form.data.get(field.html_initial_name, "") or "").strip()
    yours = str(field.data or "").strip()
    theirs = _text(current.value())
    sides = {(True, False): "yours", (False, True): "theirs"}
    same = yours == theirs
    choice = "yours" if same else sides.get((yours != before, theirs != before), "")
    shown = [_shown(field, text) for text in (before, yours, theirs)]
    return MergeRow(field.name, str(field.label), before, yours, theirs, shown[0], shown[1], shown[2], choice)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(field: forms.BoundField, text: str) -> str:
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(text, text))
