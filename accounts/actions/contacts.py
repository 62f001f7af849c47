"""The people at an account."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from accounts.models import Account, Contact, ContactEmail, ContactPhone
from accounts.tidy import tidy_email, tidy_phone, tidy_values
from kam.lib.errors import InvalidInput
from kam.lib.versions import check_version, save_changes
from kam.users.models import User

PLAIN = ("first_name", "last_name", "job_title", "department", "language", "note", "left_on")
MAX_ADDRESSES = 20
Phone = tuple[str, str]


@transaction.atomic
def create_contact(account: Account, *, values: dict[str, Any], by: User | None) -> Contact:
    """Create a person; ``values`` may hold ``emails`` (first one preferred) and ``phones`` (number, kind)."""
    clean, emails, phones = _clean(values)
    contact = Contact(account=account, **clean)
    _check(contact)
    for name, value in contact.search_columns(emails or ()).items():
        setattr(contact, name, value)
    contact.save(force_insert=True)
    _write_emails(contact, emails or [])
    _write_phones(contact, phones or [])
    record("contact.created", by=by, account=account, subject=contact, after=_filled(clean, emails, phones))
    return contact


@transaction.atomic
def update_contact(
    contact: Contact, *, values: dict[str, Any], by: User | None, expected_version: int | None = None
) -> Contact:
    """Change a person; ``emails`` and ``phones`` replace the former lists where they are named.

    Raises Conflict on another version, InvalidInput.
    """
    check_version(contact, expected_version)
    clean, emails, phones = _clean(values)
    changed = differences(contact, clean)
    new = {name: clean[name] for name in changed.get("after", {})}
    lists = _list_differences(contact, emails, phones)
    if not new and not lists:
        return contact
    for name, value in new.items():
        setattr(contact, name, value)
    _check(contact)
    addresses = emails if emails is not None else emails_of(contact)
    save_changes(contact, new | contact.search_columns(addresses), expected_version=expected_version)
    if "emails" in lists:
        _write_emails(contact, emails or [])
    if "phones" in lists:
        _write_phones(contact, phones or [])
    before = changed.get("before", {}) | {name: pair[0] for name, pair in lists.items()}
    after = changed.get("after", {}) | {name: pair[1] for name, pair in lists.items()}
    record("contact.updated", by=by, account=contact.account, subject=contact, before=before, after=after)
    return contact


@transaction.atomic
def delete_contact(contact: Contact, *, by: User, expected_version: int | None = None) -> None:
    """Delete a person and the addresses; the timeline keeps what happened, without the person."""
    check_version(contact, expected_version)
    record("contact.deleted", by=by, account=contact.account, details_of="contact", contact_id=contact.pk)
    contact.delete()


def emails_of(contact: Contact) -> list[str]:
    """Return the addresses, the preferred one first."""
    return [row.address for row in contact.emails.all()]


def phones_of(contact: Contact) -> list[Phone]:
    """Return (number, kind) pairs."""
    return [(row.number, row.kind) for row in contact.phones.all()]


def _clean(values: dict[str, Any]) -> tuple[dict[str, Any], list[str] | None, list[Phone] | None]:
    if unknown := sorted(set(values) - {*PLAIN, "emails", "phones"}):
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )
    emails = values.get("emails")
    phones = values.get("phones")
    plain = {name: value for name, value in values.items() if name in PLAIN}
    return (
        tidy_values(Contact, plain),
        None if emails is None else _unique("emails", [tidy_email(text) for text in emails]),
        None if phones is None else _unique("phones", [(tidy_phone(n), _kind(kind)) for n, kind in phones]),
    )


def _unique(field: str, items: Iterable[Any]) -> list[Any]:
    found = list({(item[0] if isinstance(item, tuple) else item): item for item in items}.values())
    if len(found) > MAX_ADDRESSES:
        raise InvalidInput(
            "too_many", gettext_noop("At most %(max)s are kept."), {"max": MAX_ADDRESSES}, field
        )
    return found


def _kind(kind: str) -> str:
    if kind not in ContactPhone.Kind.values:
        raise InvalidInput(
            "unknown_kind", gettext_noop("There is no kind “%(name)s”."), {"name": kind[:20]}, "phones"
        )
    return kind


def _check(contact: Contact) -> None:
    if not contact.last_name:
        raise InvalidInput("no_name", gettext_noop("A person needs a last name."), field="last_name")


def _filled(clean: dict[str, Any], emails: list[str] | None, phones: list[Phone] | None) -> dict[str, Any]:
    values = clean | {"emails": emails, "phones": [number for number, _kind in phones or []]}
    return {name: value for name, value in values.items() if value}


def _list_differences(
    contact: Contact, emails: list[str] | None, phones: list[Phone] | None
) -> dict[str, tuple[list[str], list[str]]]:
    found: dict[str, tuple[list[str], list[str]]] = {}
    if emails is not None and emails != emails_of(contact):
        found["emails"] = (emails_of(contact), emails)
    if phones is not None and sorted(phones) != sorted(phones_of(contact)):
        found["phones"] = ([n for n, _k in phones_of(contact)], [n for n, _k in phones])
    return found


def _write_emails(contact: Contact, emails: list[str]) -> None:
    contact.emails.all().delete()
    ContactEmail.objects.bulk_create(
        ContactEmail(contact=contact, address=address, is_primary=index == 0)
        for index, address in enumerate(emails)
    )


def _write_phones(contact: Contact, phones: list[Phone]) -> None:
    contact.phones.all().delete()
    ContactPhone.objects.bulk_create(
        ContactPhone(contact=contact, number=number, kind=kind) for number, kind in phones
    )
