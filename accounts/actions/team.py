"""Who looks after an account: handing it over, and the colleagues on its team."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.actions.accounts import update_account
from accounts.actions.timeline import record
from accounts.models import Account, AccountTeamMember
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import AccountFunction, User

Membership = tuple[User, str]


@transaction.atomic
def reassign_account(
    account: Account,
    *,
    people: dict[str, Any],
    by: User,
    note: str = "",
    keep_former: bool = True,
    expected_version: int | None = None,
) -> Account:
    """Hand an account over: ``people`` names the new ``owner``, ``kam`` or ``team``.

    ``keep_former`` puts the former owner on the account's team, so that nobody who knows the customer loses
    the account from sight. Refused when whoever hands over would no longer see it.
    """
    former = account.owner
    if keep_former and former is not None and "owner" in people and people["owner"] != former:
        AccountTeamMember.objects.get_or_create(account=account, user=former, function=AccountFunction.SALES)
    version = account.version
    update_account(
        account, values=people, by=by, expected_version=expected_version, verb="account.reassigned"
    )
    if note and account.version != version:
        record("account.handover_note", by=by, account=account, subject=account, note=note[:2000])
    return account


@transaction.atomic
def set_team(
    account: Account, *, members: Iterable[Membership], by: User, expected_version: int | None = None
) -> Account:
    """Replace the account's team by (colleague, function) pairs.

    Raises InvalidInput for unknown functions and inactive colleagues, Conflict on another version.
    """
    wanted = {(user.pk, function): user for user, function in members}
    for (_pk, function), user in wanted.items():
        if function not in AccountFunction.values:
            raise InvalidInput(
                "unknown_function",
                gettext_noop("There is no function “%(name)s”."),
                {"name": function[:40]},
                "function",
            )
        if not user.is_active:
            raise InvalidInput(
                "inactive_colleague", gettext_noop("%(name)s is not active."), {"name": str(user)}, "user"
            )
    rows = {(row.user_id, row.function): row for row in account.team_members.select_related("user")}
    if rows.keys() == wanted.keys():
        return account
    before = sorted(str(row) for row in rows.values())
    save_changes(account, {}, expected_version=expected_version)
    account.team_members.filter(pk__in=[row.pk for key, row in rows.items() if key not in wanted]).delete()
    AccountTeamMember.objects.bulk_create(
        AccountTeamMember(account=account, user=user, function=key[1])
        for key, user in wanted.items()
        if key not in rows
    )
    after = sorted(str(row) for row in account.team_members.select_related("user"))
    record(
        "account.team_changed",
        by=by,
        account=account,
        subject=account,
        before={"team_members": before},
        after={"team_members": after},
    )
    if not Account.objects.visible_to(by).filter(pk=account.pk).exists():
        raise DomainError(
            "out_of_reach",
            gettext_noop(
                "You would no longer see this account. Stay on its team, or ask a leader to do this."
            ),
        )
    return account
