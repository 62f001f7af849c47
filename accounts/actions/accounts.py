"""Creating, changing, archiving and deleting accounts."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_noop

from accounts.actions.references import ExternalId, further_words, references_of, write_references
from accounts.actions.timeline import differences, record
from accounts.actions.tree import check_parent, refresh_tops
from accounts.models import Account, AccountStatus, AccountTeamMember
from accounts.permissions import can_assign
from accounts.tidy import check_coordinates, tidy_values
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import check_version, save_changes
from kam.users.models import AccountFunction, Role, User

PLAIN = (
    "name",
    "brand_name",
    "domain",
    "vat_id",
    "industry",
    "street",
    "postal_code",
    "city",
    "country",
    "latitude",
    "longitude",
    "currency",
    "employees",
    "payment_terms_days",
    "status",
)
ASSIGNMENTS = ("owner", "kam", "team")
EDITABLE = (*PLAIN, "parent", *ASSIGNMENTS)
SEARCHED = {"name", "brand_name", "domain", "city", "vat_id"}
OWNERS = {Role.LEADER, Role.KAM, Role.ACCOUNT_MANAGER}
KEY_OWNERS = {Role.LEADER, Role.KAM}


@transaction.atomic
def create_account(
    *, values: dict[str, Any], by: User | None, external_ids: Iterable[ExternalId] = ()
) -> Account:
    """Create an account. Who creates it sees it: as its manager, or else with her function on its team.

    Raises InvalidInput for bad values and for an external id that another account has.
    """
    clean = _clean(values)
    account = Account(**clean)
    _check(account, clean)
    if account.owner is None and by is not None and by.role in OWNERS:
        account.owner = by
    external_ids = list(external_ids)
    if account.parent is not None:
        account.ultimate_parent_id = check_parent(account, account.parent)
    for name, value in account.search_columns(external_id for _source, external_id in external_ids).items():
        setattr(account, name, value)
    account.save(force_insert=True)
    write_references(account, external_ids)
    if by is not None and not Account.objects.visible_to(by).filter(pk=account.pk).exists():
        AccountTeamMember.objects.create(account=account, user=by, function=_function_of(by))
    after = {name: value for name, value in clean.items() if value not in ("", None)}
    record("account.created", by=by, account=account, subject=account, after=after)
    return account


@transaction.atomic
def update_account(
    account: Account,
    *,
    values: dict[str, Any],
    by: User | None,
    expected_version: int | None = None,
    verb: str = "account.updated",
) -> Account:
    """Change an account's fields; what stays equal is not written.

    ``owner``, ``kam`` and ``team`` need the right to assign, and the change is refused when it would take
    the account out of the reach of whoever makes it. Raises Conflict on another version, InvalidInput.
    """
    check_version(account, expected_version)
    clean = _clean(values)
    changed = differences(account, clean)
    if not changed:
        return account
    new = {name: clean[name] for name in changed["after"]}
    if by is not None and not can_assign(by) and new.keys() & set(ASSIGNMENTS):
        raise PermissionDenied
    for name, value in new.items():
        setattr(account, name, value)
    _check(account, new)
    if new.get("parent") is not None:
        check_parent(account, new["parent"])
    columns = account.search_columns(further_words(account)) if SEARCHED & new.keys() else {}
    save_changes(account, new | columns, expected_version=expected_version)
    if "parent" in new:
        refresh_tops(account)
    _check_reach(account, by)
    record(verb, by=by, account=account, subject=account, **changed)
    return account


def archive_account(account: Account, *, by: User, expected_version: int | None = None) -> Account:
    """Take an account out of the daily lists; its history stays."""
    return update_account(
        account,
        values={"status": AccountStatus.INACTIVE},
        by=by,
        expected_version=expected_version,
        verb="account.archived",
    )


def reactivate_account(account: Account, *, by: User, expected_version: int | None = None) -> Account:
    """Bring an archived account back."""
    return update_account(
        account,
        values={"status": AccountStatus.ACTIVE},
        by=by,
        expected_version=expected_version,
        verb="account.reactivated",
    )


@transaction.atomic
def add_external_ids(account: Account, *, external_ids: Iterable[ExternalId], by: User | None) -> Account:
    """Note under which further ids other systems know the account."""
    before = references_of(account)
    write_references(account, external_ids)
    after = references_of(account)
    if after != before:
        columns = account.search_columns(further_words(account))
        save_changes(account, dict(columns), expected_version=None)
        labels = [[f"{source}: {external_id}" for source, external_id in pairs] for pairs in (before, after)]
        record(
            "account.updated",
            by=by,
            account=account,
            subject=account,
            before={"external_ids": labels[0]},
            after={"external_ids": labels[1]},
        )
    return account


@transaction.atomic
def delete_account(account: Account, *, by: User, expected_version: int | None = None) -> None:
    """Delete an account that never sold anything and has no subsidiaries; otherwise archive it."""
    check_version(account, expected_version)
    if account.sales_lines.exists():
        raise DomainError(
            "has_sales",
            gettext_noop("This account has sales lines and cannot be deleted. Archive it instead."),
        )
    if account.children.exists():
        raise DomainError(
            "has_subsidiaries",
            gettext_noop("This account has subsidiaries. Move them to another parent first."),
        )
    before = {name: getattr(account, name) for name in EDITABLE if getattr(account, name) not in ("", None)}
    record("account.deleted", by=by, subject=account, before=before)
    try:
        account.delete()
    except ProtectedError as error:
        raise DomainError(
            "in_use", gettext_noop("Other records need this account. Archive it instead.")
        ) from error


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(values) - set(EDITABLE))
    if unknown:
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )
    return tidy_values(Account, values)


def _check(account: Account, new: dict[str, Any]) -> None:
    """Check what one field alone cannot tell; a value that stays may be what today's rules would refuse."""
    if not account.name:
        raise InvalidInput("no_name", gettext_noop("An account needs a name."), field="name")
    if {"latitude", "longitude"} & new.keys():
        check_coordinates(account.latitude, account.longitude)
    for name, roles in (("owner", OWNERS), ("kam", KEY_OWNERS)):
        person = new.get(name)
        if person is not None and (person.role not in roles or not person.is_active):
            raise InvalidInput(
                "bad_owner",
                gettext_noop("%(person)s cannot look after an account in this role."),
                {"person": str(person)},
                name,
            )


def _check_reach(account: Account, by: User | None) -> None:
    if by is not None and not Account.objects.visible_to(by).filter(pk=account.pk).exists():
        raise DomainError(
            "out_of_reach",
            gettext_noop(
                "You would no longer see this account. Stay on its team, or ask a leader to do this."
            ),
        )


def _function_of(user: User) -> str:
    return str(user.role) if user.role in AccountFunction.values else AccountFunction.SALES
