"""Does key account management pay: key accounts beside comparable others, by contribution."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from accounts.amounts import PER_ONE
from accounts.models import Account
from accounts.windows import months_before
from goals.comparison import Comparison, Subject, compare_pairs, contribution_change, match
from goals.ledgers import ledgers_of, ledgers_of_accounts
from goals.periods import Period

QUARTERS = 8
Pairs = list[tuple[Subject, Subject]]


def key_accounts_compared(user: Any, today: date) -> Comparison:
    """Compare key accounts with matched others over the last eight full quarters, by contribution.

    Only accounts that were key when the eight quarters began count as such. Raises CannotCompute where the
    sample is too small for an answer.
    """
    quarters = last_quarters(today, QUARTERS)
    keys, others = _subjects(user, quarters[0].start)
    return compare_pairs(_with_outcomes(match(keys, others), quarters), keys)


def last_quarters(today: date, count: int) -> list[Period]:
    """Return the last ``count`` full calendar quarters before ``today``, oldest first."""
    end = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    starts = [months_before(end, 3 * back) for back in range(count, -1, -1)]
    return [Period(*pair) for pair in pairwise(starts)]


def _subjects(user: Any, start: date) -> tuple[list[Subject], list[Subject]]:
    """Return key accounts and others by what they were at the start; both empty where nobody was key then."""
    visible = Account.objects.visible_to(user).order_by()
    keys: list[Subject] = []
    others: list[Subject] = []
    if not visible.filter(key_since__lte=start).exists():
        return keys, others
    year, before = (
        Period(months_before(start, 12), start),
        Period(months_before(start, 24), months_before(start, 12)),
    )
    found = ledgers_of((year, before), user)
    if not found.keys:
        return keys, others
    sizes = {found.account(row): units for row, units in enumerate(found.revenue.tolist())}
    for pk, industry, key_since in visible.values_list("pk", "industry", "key_since").iterator():
        size, old = sizes.get(pk, (0, 0))
        if size <= 0 or (key_since is not None and key_since > start):
            continue
        growth = (size - old) / old if old > 0 else 0.0
        (others if key_since is None else keys).append(
            Subject(str(pk), industry, size / PER_ONE, growth, 0.0)
        )
    return keys, others


def _with_outcomes(pairs: Pairs, quarters: list[Period]) -> Pairs:
    """Return the pairs with what became of them: only of those are the quarters read."""
    if not pairs:
        return []
    found = ledgers_of_accounts(quarters, [UUID(each.account) for pair in pairs for each in pair])
    left = {str(found.account(row)): part for row, part in enumerate((found.contribution / PER_ONE).tolist())}
    nothing = [0.0] * len(quarters)

    def known(subject: Subject) -> Subject:
        return replace(subject, outcome=contribution_change(left.get(subject.account, nothing)))

    return [(known(key), known(other)) for key, other in pairs]
