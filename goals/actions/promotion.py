"""The conversation in which a customer hears that it is a key account, and what is accepted in it."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Account
from goals.actions.plans import accept_expectation, take_over_expectations
from goals.models import Expectation
from kam.lib.errors import InvalidInput
from kam.users.models import User
from scoring.actions.conversations import hold_conversation, names_of
from scoring.models import Decision, PromotionConversation


@transaction.atomic
def log_promotion_conversation(
    decision: Decision,
    *,
    values: dict[str, Any],
    by: User,
    accepted: Iterable[str] = (),
    expected_version: int | None = None,
) -> PromotionConversation:
    """Write down that the customer knows what being a key account means, what it said and what was accepted.

    ``accepted`` names expectations of the plan by id, or a side ("internal", "external"): then what the decision said
    becomes an expectation of the plan first. What we expect is accepted by the people who were there, what the
    customer expects by whoever logs. Raises what ``hold_conversation`` raises, InvalidInput for an unknown expectation.
    """
    conversation = hold_conversation(decision, values=values, by=by, expected_version=expected_version)
    there = ", ".join(names_of(conversation))
    for row in _expectations(decision.account, set(accepted), by):
        ours = row.side == Expectation.Side.INTERNAL
        accept_expectation(row, who=there if ours else by.name, by=by)
    return conversation


def _expectations(account: Account, accepted: set[str], by: User) -> list[Expectation]:
    sides = accepted & set(Expectation.Side.values)
    if sides:
        take_over_expectations(account, by=by)
    found = list(account.expectations.filter(side__in=sides))
    ids = accepted - sides
    try:
        found += account.expectations.filter(pk__in=ids)
    except (ValidationError, ValueError):
        ids.add("")
    if ids - {str(row.pk) for row in found}:
        message = gettext_noop("There is no such expectation in the plan.")
        raise InvalidInput("unknown_expectation", message, field="accepted")
    return found
