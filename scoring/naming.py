"""Whom a word in somebody's table means: an account, a criterion."""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import Account
from kam.users.models import User
from scoring.models import Criterion


def accounts_by_word(words: set[str], by: User) -> dict[str, list[Account]]:
    """Return the accounts ``by`` may see that each word may mean, in four queries: id, external id, legal name."""
    visible, found = Account.objects.visible_to(by), dict[str, list[Account]]()
    ids = {word: pk for word in words if (pk := _id(word)) is not None}
    known_ids = set(visible.filter(pk__in=ids.values()).values_list("pk", flat=True))
    pairs = [(word, pk) for word, pk in ids.items() if pk in known_ids]
    named = visible.filter(references__external_id__in=words).values_list("references__external_id", "pk")
    pairs += [(word, pk) for word, pk in named if word in words]
    known = {word for word, _pk in pairs}
    pairs += [(name, pk) for name, pk in visible.filter(name__in=words - known).values_list("name", "pk")]
    rows = visible.in_bulk({pk for _word, pk in pairs})
    for word, pk in set(pairs):
        found.setdefault(word, []).append(rows[pk])
    return found


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
