"""What of a plan a customer may see: one rule for the page, the reports and the API."""

from typing import Any

from accounts.models import Visibility
from goals.models import Expectation, JointProject, Plan, Procedure


def shown_to_customer(row: Any) -> bool:
    """Say whether an entry of a plan may be shown: by its kind where that decides, otherwise by its visibility."""
    if isinstance(row, Expectation):
        # What we expect is the customer's to read once the customer has accepted it.
        return row.side == Expectation.Side.EXTERNAL or row.accepted_at is not None
    if isinstance(row, Procedure):
        return bool(row.customer_text.strip())
    if isinstance(row, JointProject) and row.state == JointProject.State.IDEA:
        return False
    return bool(getattr(row, "visibility", Visibility.INTERNAL) == Visibility.SHAREABLE)


def shared_texts(plan: Plan | None) -> dict[str, str]:
    """Return the texts of the plan that are meant for the customer, by field; empty ones are left out."""
    if plan is None:
        return {}
    return {name: getattr(plan, name) for name in plan.shared if getattr(plan, name, "")}
