"""How much the lines of all imports may come to together, so that every sum of them is right to the cent."""

from collections.abc import Iterable, Sequence
from itertools import chain

from django.db.models import Sum
from django.utils.translation import gettext_noop

from accounts.imports.known import KnownLine
from accounts.imports.lines import Lines
from accounts.imports.numbers import MONEY
from accounts.models import AccountMonth
from kam.lib.errors import InvalidInput

# SQLite adds binary doubles, which keep fifteen digits: thirteen and the cents. No roll-up overflows before.
LIMIT = 10**13
COLUMNS = ("amounts", "discounts", "costs")
NO_ROOM = gettext_noop(
    "With row %(row)s, all sales lines together come to more than ten trillion, and sums would no longer be right to"
    " the cent. Import the amounts in a larger unit."
)


def room_left() -> int:
    """Return how much lines may still bring, in ten-thousandths."""
    sums = AccountMonth.objects.aggregate(gross=Sum("gross"), net=Sum("net"), cost=Sum("cost"))
    gross, net, cost = (sums[name] or 0 for name in ("gross", "net", "cost"))
    return int((LIMIT - (2 * gross - net) - abs(cost)) * MONEY)


def room_taken(lines: Lines, places: Sequence[int], replaced: Iterable[KnownLine], room: int) -> int:
    """Return how much some lines bring, less what they replace. Raises InvalidInput where there is no room for it."""
    columns = [getattr(lines, name) for name in COLUMNS]
    before = sum(_size(row.values[name] for name in COLUMNS) for row in replaced)
    taken = _size(chain(*([column[place] for place in places] for column in columns))) - before
    if taken <= max(room, 0):
        return taken
    for place in places:
        room -= _size(column[place] for column in columns)
        if room + before < 0:
            break
    raise InvalidInput("sums_too_large", NO_ROOM, {"row": lines.numbers[place]}, "file")


def _size(values: Iterable[int | None]) -> int:
    return sum(map(abs, filter(None, values)))
