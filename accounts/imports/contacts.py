"""The people that an account file names: one a row, recognised by the e-mail address, else by the name.

Several rows can name one account, each with another person.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.imports.matching import note_changed, note_created
from accounts.imports.timeline import IMPORTED_CONTACT, write_timeline
from accounts.models import Contact, ContactEmail, ContactPhone
from accounts.tidy import tidy_email, tidy_phone, tidy_values
from kam.integrations.models import ImportBatch
from kam.lib.bulk import insert_objects, update_objects
from kam.lib.ids import uuid7
from kam.lib.tabular.problems import ValueProblem
from kam.lib.text import fold
from kam.users.models import User

if TYPE_CHECKING:
    from accounts.imports.account_rows import Entry

NO_NAME = gettext_noop("“%(email)s” is nobody known here, and a new contact needs a name.")
PERSON_TWICE = gettext_noop("The same person stands in row %(row)s with other values.")
PARTICLES = {"von", "vom", "zu", "zur", "zum", "van", "der", "den", "de", "del", "della", "di", "da", "dos"}
PLAIN = {
    "contact_first_name": "first_name",
    "contact_name": "last_name",
    "contact_job_title": "job_title",
}
# The columns that the fields of a person come from.
COLUMNS = {name: code for code, name in PLAIN.items()} | {"email": "contact_email", "phone": "contact_phone"}
READERS: dict[str, Callable[[str], str]] = {
    **{code: lambda text, name=name: _tidy(name, text) for code, name in PLAIN.items()},  # type: ignore[misc]  # a default binds the name
    "contact_email": tidy_email,
    "contact_phone": tidy_phone,
}


@dataclass(slots=True)
class Person:
    """A person as a row names one, and what that comes to: the contact that is meant (None: a new one)."""

    values: dict[str, str]
    email: str = ""
    phone: str = ""
    contact: Contact | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def said(self) -> int:
        """A number that stands for all that the row says of the person."""
        return hash((*sorted(self.values.items()), self.email, self.phone))

    @property
    def sort_key(self) -> str:
        return fold(f"{self.values.get('last_name', '')} {self.values.get('first_name', '')}")[:170]


def person_of(found: Mapping[str, str]) -> Person | None:
    """Return the person that the cells of a row name, None when there is neither a name nor an address.

    Without a column of first names the name is a whole one: «Maria von Berg», «von Berg, Maria».
    """
    if "contact_name" not in found and "contact_email" not in found:
        return None
    values = {name: found[code] for code, name in PLAIN.items() if code in found}
    if "last_name" in values and "first_name" not in values:
        first, values["last_name"] = _halves(values["last_name"])
        if first:  # a last name alone says nothing of the first
            values["first_name"] = first
    return Person(values, found.get("contact_email", ""), found.get("contact_phone", ""))


def _tidy(name: str, text: str) -> str:
    return str(tidy_values(Contact, {name: text})[name])


def _halves(name: str) -> tuple[str, str]:
    """Return first and last name; particles go with the last name."""
    last, comma, first = name.partition(",")
    if comma and last.strip():
        return first.strip(), last.strip()
    words = name.split()
    place = next(
        (place for place, word in enumerate(words[1:-1], 1) if word.lower() in PARTICLES), len(words) - 1
    )
    return " ".join(words[:place]), " ".join(words[place:])


class Named(NamedTuple):
    """A person that a row has named: who that was, and in which row."""

    number: int
    email: str
    sort_key: str
    said: int
    contact_id: UUID | None


class NamedPeople:
    """The people that the rows of a file have named so far, by account: nobody is created or changed twice."""

    def __init__(self) -> None:
        self._of: defaultdict[Any, list[Named]] = defaultdict(list)

    def earlier(self, key: str, person: Person) -> Named | None:
        """Return the row before that named this person of the account that a key means."""
        for named in self._of.get(key, ()):
            same_email = person.email and person.email == named.email
            # As in _meant: somebody of this name with another address is somebody else.
            same_name = person.values.get("last_name") and person.sort_key == named.sort_key
            if same_email or (same_name and not (person.email and named.email)):
                return named
        return None

    def claimed(self, key: str) -> set[UUID | None]:
        """Return the contacts that rows of the account have meant."""
        return {named.contact_id for named in self._of.get(key, ())}

    def note(self, key: str, number: int, person: Person) -> None:
        contact_id = person.contact.pk if person.contact else None
        self._of[key].append(Named(number, person.email, person.sort_key, person.said, contact_id))


class People:
    """The contacts of the accounts that the rows of a piece fit, found by two queries and their addresses."""

    def __init__(self, entries: Iterable["Entry"], named: NamedPeople) -> None:
        self._named = named
        ids = {entry.account.pk for entry in entries if entry.person and entry.account}
        self._of: defaultdict[Any, list[Contact]] = defaultdict(list)
        if ids:
            for contact in Contact.objects.filter(account__in=ids).prefetch_related("emails", "phones"):
                self._of[contact.account_id].append(contact)

    def settle(self, entry: "Entry") -> None:
        """Find out whom a row means and what it changes.

        Raises ValueProblem for a new person without a name, and for one that a row before has described otherwise.
        """
        person = entry.person
        if person is None:
            return
        earlier = self._named.earlier(entry.key, person)
        if earlier is not None:
            if earlier.said != person.said:
                raise ValueProblem("person_twice", PERSON_TWICE, {"row": earlier.number})
            return
        claimed = self._named.claimed(entry.key)
        known = self._of.get(entry.account.pk, []) if entry.account else []
        person.contact = _meant(person, [contact for contact in known if contact.pk not in claimed])
        person.changes = _changes(person)
        if person.contact is None and not person.values.get("last_name"):
            raise ValueProblem("contact_without_name", NO_NAME, {"email": person.email})
        self._named.note(entry.key, entry.number, person)


def _meant(person: Person, known: list[Contact]) -> Contact | None:
    if person.email:
        for contact in known:
            if person.email in _emails(contact):
                return contact
        # Somebody of this name with another address is somebody else.
        known = [contact for contact in known if not _emails(contact)]
    named = person.sort_key if person.values.get("last_name") else None
    return next((contact for contact in known if contact.sort_key == named), None)


def _changes(person: Person) -> dict[str, tuple[str, str]]:
    """Return {field: (before, after)}; addresses and numbers are only ever added."""
    contact = person.contact
    found = {
        name: (str(getattr(contact, name)) if contact else "", value) for name, value in person.values.items()
    }
    numbers = {_digits(row.number) for row in contact.phones.all()} if contact else set()
    if person.email and (contact is None or person.email not in _emails(contact)):
        found["email"] = ("", person.email)
    if person.phone and _digits(person.phone) not in numbers:
        found["phone"] = ("", person.phone)
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def write_people(batch: ImportBatch, entries: Iterable["Entry"], *, by: User | None) -> None:
    """Create and change contacts. Call it inside the piece's transaction, when the accounts are there."""
    people = [(entry, entry.person) for entry in entries if entry.person and entry.person.changes]
    changed = [person for _entry, person in people if person.contact is not None]
    new = [(entry, person) for entry, person in people if person.contact is None]
    _create(batch, new)
    _update(batch, changed)
    written = [person for _entry, person in people]
    insert_objects([_email(person) for person in written if "email" in person.changes])
    insert_objects([_phone(person) for person in written if "phone" in person.changes])
    histories = [(entry.account, person.contact, _details(person)) for entry, person in people]
    write_timeline(batch, IMPORTED_CONTACT, histories, by)


def _create(batch: ImportBatch, people: list[tuple["Entry", Person]]) -> None:
    for entry, person in people:
        person.contact = Contact(id=uuid7(), account=entry.account, **person.values)
        _fold(person.contact, [person.email])
    insert_objects([person.contact for _entry, person in people if person.contact])
    note_created(batch, "contact", [person.contact.pk for _entry, person in people if person.contact])


def _update(batch: ImportBatch, people: list[Person]) -> None:
    notes, contacts = [], []
    for person in people:
        assert person.contact is not None  # noqa: S101 - tells the type checker what the caller has sorted out
        contact = person.contact
        before = {name: pair[0] for name, pair in person.changes.items()} | {"version": contact.version}
        contact.version += 1
        contact.updated_at = timezone.now()
        for name, value in person.values.items():
            setattr(contact, name, value)
        _fold(contact, [*_emails(contact), person.email])
        after = {name: pair[1] for name, pair in person.changes.items()} | {"version": contact.version}
        notes.append((contact.pk, before, after))
        contacts.append(contact)
    update_objects(contacts, [*PLAIN.values(), "version", "updated_at", "search_text", "sort_key"])
    note_changed(batch, "contact", notes)


def _email(person: Person) -> ContactEmail:
    is_first = person.contact is not None and not _emails(person.contact)
    return ContactEmail(contact=person.contact, address=person.email, is_primary=is_first)


def _phone(person: Person) -> ContactPhone:
    return ContactPhone(contact=person.contact, number=person.phone)


def _details(person: Person) -> dict[str, Any]:
    before = {name: pair[0] for name, pair in person.changes.items() if pair[0]}
    after = {name: pair[1] for name, pair in person.changes.items()}
    return {"before": before, "after": after} if before else {"after": after}


def _fold(contact: Contact, addresses: Iterable[str]) -> None:
    for column, value in contact.search_columns(filter(None, addresses)).items():
        setattr(contact, column, value)


def _emails(contact: Contact) -> list[str]:
    """Return the addresses of a contact; one that is not written yet has none."""
    return [] if contact._state.adding else [row.address for row in contact.emails.all()]


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))
