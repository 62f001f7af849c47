"""An account's own fiscal years as named periods."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Account
from accounts.windows import months_before
from goals.actions.plans import add_entry
from goals.entries import KINDS
from goals.models import AccountPeriod
from kam.lib.errors import InvalidInput
from kam.users.models import User

YEARS = 4


@transaction.atomic
def add_fiscal_years(account: Account, *, month: int, today: date, by: User | None) -> list[AccountPeriod]:
    """Add the running fiscal year and the three before it, those that stand already left alone.

    Raises InvalidInput for a month that is none, and where one would overlap a period that stands.
    """
    if not 1 <= month <= 12:
        message = gettext_noop("The first month of the fiscal year lies between 1 and 12.")
        raise InvalidInput("bad_month", message, field="month")
    begin = months_before(today.replace(day=1), (today.month - month) % 12)
    added = []
    for back in range(YEARS - 1, -1, -1):
        start = months_before(begin, 12 * back)
        end = months_before(start, -12) - timedelta(days=1)
        if AccountPeriod.objects.filter(account=account, start_on=start, end_on=end).exists():
            continue
        values = {"name": fiscal_name(start, end), "start_on": start, "end_on": end}
        added.append(add_entry(KINDS["periods"], account, values=values, by=by))
    return added


def fiscal_name(start: date, end: date) -> str:
    """Return «2026», or «2025/26» for a year that does not begin in January."""
    return str(start.year) if start.year == end.year else f"{start.year}/{end:%y}"
