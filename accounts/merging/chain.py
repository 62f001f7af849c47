"""Where an account lives on that was merged into another, and that one perhaps into a third."""

from typing import Any
from uuid import UUID

from accounts.models import Account

# Twenty merges in a row are none that people made.
MOST_STEPS = 20


def lives_on_as(key: UUID) -> UUID:
    """Return the id of the account that stays in the end; an account that was never merged is its own."""
    for _number in range(MOST_STEPS):
        above = Account.everything.filter(pk=key).values_list("merged_into", flat=True).first()
        if above is None:
            break
        key = above
    return key


def standing(key: UUID, user: Any) -> Account | None:
    """Return the account that a merged one lives on in, as far as the person sees it; None for any other."""
    stays = lives_on_as(key)
    return None if stays == key else Account.objects.visible_to(user).filter(pk=stays).first()
