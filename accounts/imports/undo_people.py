"""The way back for the people that an account file brought, and who is in use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from accounts.models import Contact, ContactEmail, ContactPhone
from kam.integrations.models import ImportedRow
from kam.lib.bulk import among, delete_rows

# Which rows of a table that refers to another are no use of it: they came with it. Q() stands for all of them.
Own = Mapping[Any, Q]


@dataclass(frozen=True)
class Taken:
    """How many contacts were removed and restored, and which stay: somebody has changed or used them since."""

    removed: int
    restored: int
    kept: list[Contact]


def take_people(notes: Iterable[ImportedRow]) -> Taken:
    """Take contacts back."""
    by_id = {UUID(note.row_id): note for note in notes}
    contacts = list(Contact.objects.filter(pk__in=among(by_id)).prefetch_related("emails", "phones"))
    created = [contact for contact in contacts if by_id[contact.pk].before is None]
    changed = [contact for contact in contacts if by_id[contact.pk].before is not None]
    parts = {ContactEmail: Q(), ContactPhone: Q()}
    used = used_rows(Contact, [contact.pk for contact in created], parts)
    free = [contact.pk for contact in created if contact.version == 1 and contact.pk not in used]
    remove_rows(Contact, free, parts)
    kept = [contact for contact in created if contact.pk not in free]
    kept += [contact for contact in changed if not _restore(contact, by_id[contact.pk])]
    return Taken(removed=len(free), restored=len(changed), kept=kept)


def used_rows(model: type[Model], ids: list[UUID], own: Own) -> set[UUID]:
    """Return the rows that any table refers to; derived tables do not count, nor what ``own`` describes."""
    used: set[UUID] = set()
    for relation in model._meta.related_objects:
        table: Any = relation.related_model
        name = relation.field.name
        if getattr(table, "is_derived", False):
            continue
        if own.get(table) == Q():
            continue
        rows = _rows_of(table).filter(**{f"{name}__in": among(ids)})
        if table in own:
            rows = rows.exclude(own[table])
        used.update(rows.order_by().values_list(name, flat=True).distinct())
    return used


def remove_rows(model: type[Model], ids: list[UUID], own: Own) -> int:
    """Remove rows that nobody uses, with what is derived from them and what ``own`` names; return how many."""
    for relation in model._meta.related_objects:
        table: Any = relation.related_model
        if table in own or getattr(table, "is_derived", False):
            _rows_of(table).filter(**{f"{relation.field.name}__in": among(ids)}).delete()
    return delete_rows(model, ids)


def _restore(contact: Contact, note: ImportedRow) -> bool:
    """Give a contact its former values back, as far as nobody has changed it; say whether that was all."""
    before, after = note.before or {}, note.after
    ContactEmail.objects.filter(contact=contact, address=after.get("email", "")).delete()
    ContactPhone.objects.filter(contact=contact, number=after.get("phone", "")).delete()
    plain = {name: value for name, value in before.items() if name not in ("email", "phone")}
    mine = {name: value for name, value in plain.items() if getattr(contact, name) == after.get(name)}
    for name, value in mine.items():
        setattr(contact, name, value)
    addresses = ContactEmail.objects.filter(contact=contact).values_list("address", flat=True)
    written = {"version": contact.version + 1} | mine | contact.search_columns(addresses)
    Contact.objects.filter(pk=contact.pk).update(**written)
    return len(mine) == len(plain)


def _rows_of(model: Any) -> QuerySet[Any]:
    return model._default_manager.all()  # type: ignore[no-any-return]  # a related model, whichever it is
