"""Finding what a request's body names; what does not exist is the body's mistake, not the address's."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.utils.translation import gettext_noop

from accounts.models import Account
from kam.lib.errors import DomainError, InvalidInput
from kam.users.models import User
from scoring.models import RatingRound, ScoringModel

Item = TypeVar("Item")


def each_row(name: str, rows: Sequence[Any], read: Callable[[Any], Item]) -> list[Item]:
    """Return what each entry of a posted list means; what is wrong with one says which one it is."""
    found = []
    for index, row in enumerate(rows):
        try:
            found.append(read(row))
        except DomainError as error:
            error.field = f"{name}/{index}/{error.field}"
            raise
    return found


def model_by_id(pk: Any, user: User) -> ScoringModel:
    """Return a scoring model; raises InvalidInput("unknown_model")."""
    model = ScoringModel.objects.visible_to(user).filter(pk=pk).first()
    if model is None:
        raise InvalidInput("unknown_model", gettext_noop("There is no such scoring model."), field="model")
    return model


def round_by_id(pk: Any, user: User) -> RatingRound:
    """Return a rating round; raises InvalidInput("unknown_round")."""
    round = RatingRound.objects.visible_to(user).filter(pk=pk).first()
    if round is None:
        raise InvalidInput("unknown_round", gettext_noop("There is no such rating round."), field="round")
    return round


def account_by(values: dict[str, Any], user: User) -> Account:
    """Return the account named by ``account``, ``external_id`` or both.

    Raises InvalidInput: unknown_account, or two_accounts when the one is not the other.
    """
    accounts, known_as = Account.objects.visible_to(user), values.get("external_id")
    if values.get("account"):
        accounts = accounts.filter(pk=values["account"])
        if known_as and accounts and not accounts.filter(references__external_id=known_as):
            message = gettext_noop("The account is not the one that has this external id.")
            raise InvalidInput("two_accounts", message, field="external_id")
    else:
        accounts = accounts.filter(references__external_id=known_as or "").distinct()
    found = list(accounts[:2])
    if len(found) != 1:
        raise InvalidInput(
            "unknown_account",
            gettext_noop("There is no such account, or more than one."),
            field="account",
        )
    return found[0]
