"""Finding an account by what a person or a command types: its id, another system's id, or its exact name."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.models import Account
from kam.lib.errors import InvalidInput

LISTED = 10


def find_account(text: str, accounts: Any = None) -> Account:
    """Return the one account that ``text`` means, among ``accounts`` (default: all).

    Raises InvalidInput when there is none, or several: then the message lists them with their ids.
    """
    accounts = Account.objects.all() if accounts is None else accounts
    wanted = text.strip()[:200]
    found = _by_id(wanted, accounts) or list(accounts.known_as(wanted)[: LISTED + 1])
    if not found:
        found = list(accounts.filter(Q(name=wanted) | Q(brand_name=wanted))[: LISTED + 1])
    if len(found) == 1:
        return found[0]
    if not found:
        message = gettext_noop("No account has the id, the external id or the exact name “%(text)s”.")
        raise InvalidInput("no_such_account", message, {"text": wanted}, "account")
    names = "; ".join(
        f"{account.display_name}, {account.city or '–'} ({account.pk})" for account in found[:LISTED]
    )
    message = gettext_noop("“%(text)s” is the name or id of several accounts: %(names)s")
    raise InvalidInput("ambiguous_account", message, {"text": wanted, "names": names}, "account")


def shortest_text(account: Account, accounts: Any) -> str:
    """Return what finds the account again: its name, or its id where the name means several."""
    try:
        find_account(account.display_name, accounts)
    except InvalidInput:
        return str(account.pk)
    return account.display_name


def _by_id(text: str, accounts: Any) -> list[Account]:
    try:
        return list(accounts.filter(pk=UUID(text)))
    except ValueError:
        return []
