"""Accounts in groups, their teams and contacts."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import (
    Account,
    AccountReference,
    AccountTeamMember,
    Contact,
    ContactEmail,
    ContactPhone,
)
from kam.lib.text import fold, fold_name
from kam.users.models import Organisation, Role, Team, User
from reports.demo import words

ACCOUNTS, CONTACTS = 240, 900


@dataclass
class Cast:
    """The people of the demo company by role."""

    people: list[User]
    teams: list[Team]

    def of(self, role: str) -> list[User]:
        return [person for person in self.people if person.role == role]

    @property
    def leader(self) -> User:
        return self.of(Role.LEADER)[0]


def build_people() -> Cast:
    """Create the demo company's sign-ins and two teams."""
    Organisation.objects.update_or_create(pk=1, defaults={"name": words.COMPANY, "currency": "EUR", "is_demo": True})
    people = [
        User.objects.create_user(f"{login}@{words.DOMAIN}", words.PASSWORD, name=name, role=role)
        for login, name, role in words.PEOPLE
    ]
    north, south = Team.objects.create(name="Vertrieb Nord (Demo)"), Team.objects.create(name="Vertrieb Süd (Demo)")
    north.members.set(people[1:6:2])
    south.members.set(people[2:7:2])
    return Cast(people, [north, south])


def build_accounts(cast: Cast, rng: Random) -> list[Account]:
    """Create 240 accounts: about one in four belongs to a group."""
    accounts = [_account(number, cast, rng) for number in range(ACCOUNTS)]
    for number, account in enumerate(accounts):
        if number >= 12 and rng.random() < 0.25:
            account.parent = account.ultimate_parent = accounts[rng.randrange(12)]
    # Parents first, because a row may only point to one that exists.
    Account.objects.bulk_create(accounts[:12])
    Account.objects.bulk_create(accounts[12:])
    AccountReference.objects.bulk_create(
        AccountReference(account=account, source=words.SOURCE, external_id=f"K{10001 + number}")
        for number, account in enumerate(accounts)
    )
    _build_teams(accounts, cast, rng)
    return accounts


def _account(number: int, cast: Cast, rng: Random) -> Account:
    stem = words.STEMS[number % len(words.STEMS)]
    trade = words.TRADES[number // len(words.STEMS) % len(words.TRADES)][0]
    name = f"{stem} {trade} {rng.choice(words.FORMS)}"
    place = _place(rng)
    domain = f"{fold(stem)}-{fold(trade)}.example".replace(" ", "-")
    managers = cast.of(Role.ACCOUNT_MANAGER) + cast.of(Role.KAM)
    external = f"K{10001 + number}"
    return Account(
        name=name,
        brand_name=f"{stem} {trade}",
        domain=domain,
        vat_id=f"DE{200000000 + number * 37}" if place["country"] == "Deutschland" else "",
        industry=rng.choice(words.INDUSTRIES),
        employees=int(rng.lognormvariate(5, 1)),
        payment_terms_days=rng.choice([14, 30, 30, 45]),
        status="inactive" if rng.random() < 0.04 else "active",
        owner=rng.choice(managers),
        team=rng.choice(cast.teams),
        search_text=fold(f"{name} {stem} {trade} {domain} {place['city']} {external}"),
        sort_key=fold_name(name)[:200],
        **place,
    )


def _place(rng: Random) -> dict[str, Any]:
    if rng.random() < 0.12:
        city, code, country, lat, lon = rng.choice(words.ABROAD)
    else:
        (city, code, lat, lon), country = rng.choice(words.CITIES), "Deutschland"
    street = f"{rng.choice(['Industriestraße', 'Gewerbering', 'Am Hafen', 'Werkstraße'])} {rng.randint(1, 90)}"
    latitude, longitude = (Decimal(str(round(x + rng.uniform(-0.08, 0.08), 6))) for x in (lat, lon))
    return {
        "city": city, "postal_code": code, "country": country, "street": street, "latitude": latitude, "longitude": longitude,
    }  # fmt: skip


def _build_teams(accounts: list[Account], cast: Cast, rng: Random) -> None:
    AccountTeamMember.objects.bulk_create(
        AccountTeamMember(account=account, user=cast.of(role)[0], function=function)
        for account in accounts[:60]
        for role, function in (("sales", "sales"), ("service", "service"), ("operations", "operations"))
        if rng.random() < 0.7
    )


def build_contacts(accounts: list[Account], rng: Random) -> list[Contact]:
    """Create 900 contacts with one or two addresses each."""
    contacts, emails, phones = [], [], []
    for number in range(CONTACTS):
        account = accounts[number % ACCOUNTS]
        first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
        title, department = rng.choice(words.TITLES)
        contact = Contact(
            account=account, first_name=first, last_name=last, job_title=title, department=department,
            language="de" if rng.random() < 0.85 else "en",
            search_text=fold(f"{first} {last} {account.name}"), sort_key=fold(f"{last} {first}")[:170],
        )  # fmt: skip
        contacts.append(contact)
        local = fold(f"{first}.{last}").replace(" ", "")
        emails.append(ContactEmail(contact=contact, address=f"{local}@{account.domain}", is_primary=True))
        if rng.random() < 0.3:
            emails.append(ContactEmail(contact=contact, address=f"{local}{number}@post.example"))
        phones.append(ContactPhone(contact=contact, number=f"+49 711 {100000 + number * 7}", kind="work"))
    Contact.objects.bulk_create(contacts)
    ContactEmail.objects.bulk_create(emails)
    ContactPhone.objects.bulk_create(phones)
    return contacts
