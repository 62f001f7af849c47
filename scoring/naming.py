"""Whom a word in somebody's table means: an account, a criterion."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Account
from accounts.querysets import AccountQuerySet
from kam.lib.text import fold_name
from kam.users.models import User
from scoring.models import Criterion


def accounts_by_word(words: set[str], by: User) -> dict[str, list[Account]]:
    """Return the accounts ``by`` may see that each word may mean, in five queries: id, external id, legal name, brand.

    A brand, which is what lists show, counts where nothing else is called so.
    """
    visible, found = Account.objects.visible_to(by), dict[str, list[Account]]()
    ids = {word: pk for word in words if (pk := _id(word)) is not None}
    known_ids = set(visible.filter(pk__in=ids.values()).values_list("pk", flat=True))
    pairs = [(word, pk) for word, pk in ids.items() if pk in known_ids]
    named = visible.filter(references__external_id__in=words).values_list("references__external_id", "pk")
    pairs += [(word, pk) for word, pk in named if word in words]
    known = {word for word, _pk in pairs}
    pairs += [(name, pk) for name, pk in visible.filter(name__in=words - known).values_list("name", "pk")]
    known |= {word for word, _pk in pairs}
    pairs += [(brand, pk) for brand, pk in _brands(visible, words - known) if brand in words - known]
    rows = visible.in_bulk({pk for _word, pk in pairs})
    for word, pk in set(pairs):
        found.setdefault(word, []).append(rows[pk])
    return found


def _brands(visible: AccountQuerySet, words: set[str]) -> QuerySet[Any, tuple[str, UUID]]:
    """Return brands that may be one of the words: the folded name has an index, the brand has none."""
    folded = {fold_name(word)[:200] for word in words}
    return visible.filter(sort_key__in=folded).exclude(brand_name="").values_list("brand_name", "pk")


def criteria_by_word(criteria: Iterable[Criterion]) -> dict[str, Criterion]:
    """Return criteria by their code and by their names in both languages, in small letters."""
    found: dict[str, Criterion] = {}
    for criterion in criteria:
        for word in (criterion.name_de, criterion.name_en, criterion.code):
            found[word.strip().lower()] = criterion
    return found


def _id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
