"""The amounts of this room, which are all in the reporting currency."""

from goals.models import AccountYear, Contract, Opportunity, ValueEntry
from kam.users.amounts import keeps_amounts


@keeps_amounts
def planned_or_agreed() -> bool:
    return any(model.objects.exists() for model in (AccountYear, Contract, Opportunity, ValueEntry))
