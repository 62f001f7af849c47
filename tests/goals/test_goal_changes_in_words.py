"""What the timeline says of a changed goal: fields and values in the words of the reader."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.actions.timeline import entry_of
from accounts.templatetags.timeline import field_changes
from tests.factories import make_account, make_goal

pytestmark = pytest.mark.django_db

CHANGES = {
    "due_on": (date(2026, 6, 1), "Fällig", "01.06.2026"),
    "side": ("joint", "Seite", "Gemeinsam"),
    "target_value": (Decimal("1250000.50"), "Zielwert", "1.250.000,5"),
    "cause": ("Late parts", "Ursache", "Late parts"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_german_reads_what_changed_in_german(alice, name) -> None:
    value, label, said = CHANGES[name]
    goal = make_goal(make_account(owner=alice))
    entry = entry_of("goal.updated", by=alice, subject=goal, before={name: None}, after={name: value})
    with translation.override("de"):
        ((of, before, after),) = field_changes(entry)
    assert (of.capitalize(), before, after.capitalize()) == (label, "–", said)
