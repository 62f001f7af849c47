"""The group an account belongs to: who stands above it, and the top of the tree, kept for all below."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_noop

from accounts.models import Account
from kam.lib.bulk import in_steps
from kam.lib.errors import DomainError, InvalidInput

MAX_DEPTH = 20
ACCOUNTS_A_STEP = 500
MOVED = gettext_noop("Somebody moved this group meanwhile. Try again.")


def check_parent(account: Account, parent: Account) -> UUID:
    """Return the top of the tree that ``parent`` stands in, refusing loops and more than 20 levels.

    Locks the tops of both trees, so that two moves at the same time cannot close a loop.
    """
    if parent.pk == account.pk:
        raise InvalidInput("own_parent", gettext_noop("An account cannot be its own parent."), field="parent")
    locked = lock_tops(account, parent)
    chain = ancestors(parent)
    if account.pk in chain or parent.pk in _subtree(account):
        raise InvalidInput(
            "tree_loop",
            gettext_noop("“%(name)s” stands below this account already."),
            {"name": str(parent)},
            "parent",
        )
    if len(chain) >= MAX_DEPTH:
        raise InvalidInput(
            "tree_too_deep", gettext_noop("A group has at most %(max)s levels."), {"max": MAX_DEPTH}, "parent"
        )
    top = chain[-1] if chain else parent.pk
    if top not in locked:
        raise DomainError("tree_moved", MOVED)
    return top


def lock_tops(*accounts: Account) -> set[UUID]:
    """Lock the tops of the trees of these accounts, in one order, and return their ids."""
    known = Account.objects.filter(pk__in=[account.pk for account in accounts])
    tops = {top or pk for pk, top in known.values_list("pk", "ultimate_parent")}
    rows = Account.objects.select_for_update(of=("self",)).filter(pk__in=tops).order_by("pk")
    return {row.pk for row in rows}


def ancestors(account: Account) -> list[UUID]:
    """Return the ids above an account, nearest first."""
    found: list[UUID] = []
    above = Account.objects.values_list("parent", flat=True).get(pk=account.pk)
    while above is not None and above not in found and len(found) <= MAX_DEPTH:
        found.append(above)
        above = Account.objects.values_list("parent", flat=True).get(pk=above)
    return found


def refresh_tops(account: Account) -> None:
    """Write the top of the tree to an account and to everything below it, after its parent changed."""
    chain = ancestors(account)
    top = chain[-1] if chain else None
    Account.objects.filter(pk=account.pk).update(ultimate_parent=top)
    account.ultimate_parent_id = top
    Account.objects.filter(pk__in=_subtree(account)).update(ultimate_parent=top or account.pk)


def refresh_tops_of(account_ids: Iterable[UUID]) -> None:
    """Do the same for many accounts, level by level. Raises DomainError when companies form a circle."""
    members = _below(set(account_ids))
    above = _standing(members)
    by_top: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
    for pk in members:
        chain: list[UUID] = []
        step = above.get(pk)
        while step is not None:
            if step in chain or step == pk:
                raise DomainError("tree_moved", MOVED)
            chain.append(step)
            step = above.get(step)
        by_top[chain[-1] if chain else None].append(pk)
    for top, ids in by_top.items():
        for some in in_steps(ids, ACCOUNTS_A_STEP):
            Account.objects.filter(pk__in=some).update(ultimate_parent=top)


def _below(account_ids: set[UUID]) -> set[UUID]:
    """Return some accounts with all that stand below them."""
    found, level = set(account_ids), account_ids
    while level:
        below: set[UUID] = set()
        for some in in_steps(level, ACCOUNTS_A_STEP):
            below.update(Account.objects.filter(parent__in=some).values_list("pk", flat=True))
        level = below - found
        found |= level
    return found


def _standing(account_ids: set[UUID]) -> dict[UUID, UUID | None]:
    """Return the parent of some accounts, and of all that stand above them."""
    found: dict[UUID, UUID | None] = {}
    level = account_ids
    while level:
        for some in in_steps(level, ACCOUNTS_A_STEP):
            found.update(Account.objects.filter(pk__in=some).values_list("pk", "parent"))
        level = {above for above in found.values() if above is not None} - found.keys()
    return found


def _subtree(account: Account) -> set[UUID]:
    """Return the ids below an account, level by level."""
    found: set[UUID] = set()
    level = {account.pk}
    while level:
        below = Account.objects.filter(parent__in=level).values_list("pk", flat=True)
        level = set(below) - found - {account.pk}
        found |= level
    return found
