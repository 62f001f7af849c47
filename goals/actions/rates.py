"""The rates that turn hours and discounts into money."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from goals.models import CostRates
from kam.lib.errors import InvalidInput
from kam.users.models import User


@transaction.atomic
def set_rates(*, hourly_rate: Decimal, allowed_discount: Decimal, by: User | None) -> CostRates:
    """Set the cost of an hour and the discount the policy allows in percent."""
    cent = Decimal("0.01")
    if not 0 <= hourly_rate < 1_000_000 or not 0 <= allowed_discount <= 100:
        raise InvalidInput(
            "bad_rate", gettext_noop("An hour costs nothing or more, a discount is 0 to 100 percent.")
        )
    values = {"hourly_rate": hourly_rate.quantize(cent), "allowed_discount": allowed_discount.quantize(cent)}
    row = CostRates.current()
    changed = differences(row, values)
    if changed:
        CostRates.objects.update_or_create(pk=1, defaults=values)
        record("cost_rates.updated", by=by, account=None, subject=row, **changed)
    return CostRates.current()
