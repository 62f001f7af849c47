"""The amounts of this room, which are all in the reporting currency."""

from accounts.models import CurrencyRate, SalesLine
from kam.users.amounts import keeps_amounts


@keeps_amounts
def sales_or_rates() -> bool:
    return SalesLine.objects.exists() or CurrencyRate.objects.exists()
