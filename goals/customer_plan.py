"""The plan as the customer may see it; what is internal is not even counted here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Account, Visibility
from goals.entries import KINDS
from goals.models import Plan
from goals.status import GoalRow, goal_rows
from goals.visible import shared_texts, shown_to_customer

BLOCKS = ("expectations", "promises", "projects", "challenges", "procedures", "values")


@dataclass(frozen=True, slots=True)
class CustomerPlan:
    """Texts by (label, text), goals, and the shareable entries of each block by its code."""

    texts: list[tuple[str, str]]
    goals: list[GoalRow]
    blocks: dict[str, list[Any]]

    @property
    def is_empty(self) -> bool:
        return not self.texts and not self.goals and not any(self.blocks.values())


def customer_plan(account: Account, today: date) -> CustomerPlan:
    """Return what of an account's plan may be shown to the customer, in a fixed number of queries."""
    texts = shared_texts(Plan.objects.filter(account=account).first())
    labels = {name: str(Plan._meta.get_field(name).verbose_name) for name in texts}  # type: ignore[union-attr]  # a text column
    goals = account.goals.open().filter(visibility=Visibility.SHAREABLE).for_list(today)
    blocks = {}
    for code in BLOCKS:
        rows = KINDS[code].model.objects.filter(account=account)
        rows = rows.select_related("owner") if code in ("promises", "projects") else rows
        blocks[code] = [row for row in rows if shown_to_customer(row)]
    return CustomerPlan(
        [(labels[name], text) for name, text in texts.items()], goal_rows(goals, today), blocks
    )
