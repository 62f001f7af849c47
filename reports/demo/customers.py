"""Accounts in groups, their teams and contacts."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import (
    Account,
    AccountReference,
    AccountTeamMember,
    Contact,
    ContactEmail,
    ContactPhone,
)
from kam.lib.text import fold
from kam.users.models import Organisation, Role, Team, User
from reports.demo import words

ACCOUNTS, CONTACTS, HEADS = 240, 900, 12
TWIN = 81  # the last account is the same company once more: two worth merging


@dataclass
class Cast:
    """The people of the demo company by role."""

    people: list[User]
    teams: list[Team]

    def of(self, role: str) -> list[User]:
        return [person for person in self.people if person.role == role]

    def team_of(self, person: User) -> Team:
        place = self.people.index(person)
        return self.teams[(place - 1) % len(self.teams)]

    @property
    def leader(self) -> User:
        return self.of(Role.LEADER)[0]


def build_people() -> Cast:
    """Create the demo company's sign-ins and two teams; a sign-in that stayed from an earlier demo is reused."""
    values = {"name": words.COMPANY, "currency": "EUR", "is_demo": True}
    Organisation.objects.update_or_create(pk=1, defaults=values)
    password = make_password(words.PASSWORD)
    people = [
        User.objects.update_or_create(
            email=f"{login}@{words.DOMAIN}",
            defaults={"name": name, "role": role, "password": password, "is_active": True},
        )[0]
        for login, name, role in words.PEOPLE
    ]
    north, south = (Team.objects.get_or_create(name=name)[0] for name in words.TEAMS)
    north.members.set(people[1:6:2])
    south.members.set(people[2:7:2])
    return Cast(people, [north, south])


def build_accounts(cast: Cast, rng: Random) -> list[Account]:
    """Create 240 accounts. The first twelve are heads of groups; companies of the same name belong to them."""
    accounts = [_account(number, cast, rng) for number in range(ACCOUNTS)]
    for number, account in enumerate(accounts):
        head = number % len(words.STEMS)
        if number >= len(words.STEMS) and head < HEADS:
            account.parent = account.ultimate_parent = accounts[head]
    # Heads first, because a row may only point to one that exists.
    Account.objects.bulk_create(accounts[:HEADS])
    Account.objects.bulk_create(accounts[HEADS:])
    AccountReference.objects.bulk_create(
        AccountReference(account=account, source=words.SOURCE, external_id=external_id(number))
        for number, account in enumerate(accounts)
    )
    _build_teams(accounts, cast, rng)
    return accounts


def external_id(number: int) -> str:
    """Return the customer number of the demo's merchandise system."""
    return f"K{10001 + number}"


def _account(number: int, cast: Cast, rng: Random) -> Account:
    named = TWIN if number == ACCOUNTS - 1 else number
    stem = words.STEMS[named % len(words.STEMS)]
    trade = words.TRADES[named // len(words.STEMS) % len(words.TRADES)]
    place = _place(rng)
    owner = rng.choice(cast.of(Role.ACCOUNT_MANAGER) + cast.of(Role.KAM))
    account = Account(
        name=f"{stem} {trade} {rng.choice(words.FORMS)}",
        brand_name=f"{stem} {trade}",
        domain=fold(f"{stem} {trade}.example").replace(" ", "-"),
        vat_id=f"DE{200000000 + number * 37}" if place["country"] == "Deutschland" else "",
        industry=rng.choice(words.INDUSTRIES),
        employees=int(rng.lognormvariate(5, 1)) + 4,
        payment_terms_days=rng.choice([14, 30, 30, 45]),
        status="inactive" if rng.random() < 0.04 else "active",
        owner=owner,
        team=cast.team_of(owner),
        **place,
    )
    for column, value in account.search_columns([external_id(number)]).items():
        setattr(account, column, value)
    return account


def _place(rng: Random) -> dict[str, Any]:
    if rng.random() < 0.12:
        city, code, country, lat, lon = rng.choice(words.ABROAD)
    else:
        (city, code, lat, lon), country = rng.choice(words.CITIES), "Deutschland"
    street = (
        f"{rng.choice(['Industriestraße', 'Gewerbering', 'Am Hafen', 'Werkstraße'])} {rng.randint(1, 90)}"
    )
    latitude, longitude = (Decimal(str(round(x + rng.uniform(-0.08, 0.08), 6))) for x in (lat, lon))
    return {
        "city": city,
        "postal_code": code,
        "country": country,
        "street": street,
        "latitude": latitude,
        "longitude": longitude,
    }


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
        contact = _contact(accounts[number % ACCOUNTS], rng)
        local = fold(str(contact)).replace(" ", ".")
        addresses = [f"{local}@{contact.account.domain}"]
        if rng.random() < 0.3:
            addresses.append(f"{local}.{number}@post.example")
        for column, value in contact.search_columns(addresses).items():
            setattr(contact, column, value)
        contacts.append(contact)
        emails += [
            ContactEmail(contact=contact, address=address, is_primary=place == 0)
            for place, address in enumerate(addresses)
        ]
        phones.append(ContactPhone(contact=contact, number=f"+49 711 {100000 + number * 7}", kind="work"))
    Contact.objects.bulk_create(contacts)
    ContactEmail.objects.bulk_create(emails)
    ContactPhone.objects.bulk_create(phones)
    return contacts


def _contact(account: Account, rng: Random) -> Contact:
    title, department = rng.choice(words.TITLES)
    return Contact(
        account=account,
        first_name=rng.choice(words.FIRST_NAMES),
        last_name=rng.choice(words.LAST_NAMES),
        job_title=title,
        department=department,
        language="de" if rng.random() < 0.85 else "en",
    )
