"""Every column that points at an account has a rule for merges: a new table cannot be forgotten."""

from django.apps import apps
from django.db.models import ForeignKey

from accounts.merging.rules import _rules, relations, rule_of
from accounts.models import Account


def test_every_column_that_points_at_an_account_has_a_rule() -> None:
    keys = {relation.key for relation in relations()}
    assert keys - _rules.keys() == set(), "register a MergeRule in the room's merging.py"
    assert _rules.keys() - keys == set(), "rules of columns that do not exist"


def test_the_walk_finds_columns_that_are_hidden_from_accounts_as_well() -> None:
    columns = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Account
    }
    assert {relation.key for relation in relations()} == columns


def test_a_rule_that_settles_says_how() -> None:
    from accounts.merging.rules import colliding

    custom = {r.key for r in relations() if rule_of(r).how == "move" and rule_of(r).collides is not colliding}
    assert [key for key in custom if not _rules[key].words] == []
