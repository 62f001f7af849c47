"""The lines and bands that Today is made of."""

from dataclasses import dataclass

from accounts.models import Account
from reports.links import url


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what is to be done, for whom, why, until when, and the one thing to click."""

    icon: str
    title: str
    reason: str
    action: str
    action_url: str
    account: Account | None = None
    due: str = ""
    tone: str = ""
    weight: float = 0.0

    @property
    def account_url(self) -> str:
        return url("accounts:detail", pk=self.account.pk) if self.account else ""


@dataclass(frozen=True, slots=True)
class Band:
    """Lines of one urgency; ``count`` is how many there are, ``items`` the first of them."""

    code: str
    title: str
    hint: str
    items: list[Item]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.items)
