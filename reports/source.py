"""What the sections of an account's report are computed from; each is read once, and only when a section asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q

from accounts.facts import AccountFacts, account_facts
from accounts.models import Account
from accounts.windows import months_before
from goals.models import Goal
from goals.status import GoalRow, goal_rows

WINDOW = "12m"
ROWS = 20


@dataclass(frozen=True)
class Source:
    """One account as of a day."""

    account: Account
    as_of: date

    @cached_property
    def now(self) -> AccountFacts:
        return account_facts(self.account, as_of=self.as_of, window=WINDOW)

    @cached_property
    def before(self) -> AccountFacts:
        a_year_ago = months_before(self.as_of + timedelta(days=1), 12) - timedelta(days=1)
        return account_facts(self.account, as_of=a_year_ago, window=WINDOW)

    @cached_property
    def goals(self) -> list[GoalRow]:
        """Goals that are open, or were closed within the year that the report looks back on."""
        year = months_before(self.as_of, 12)
        recent = Q(closed_at__isnull=True) | Q(closed_at__date__gt=year)
        found: Iterable[Goal] = self.account.goals.filter(recent, start_on__lte=self.as_of)
        return goal_rows(found.for_list(self.as_of)[:ROWS], self.as_of)  # type: ignore[attr-defined]  # the stubs know a plain manager
