"""Every change to people, teams and the organisation."""

from typing import Any

import structlog
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext_noop

from kam.lib.errors import DomainError, InvalidInput
from kam.lib.png import clean_png
from kam.users.amounts import amounts_are_kept
from kam.users.models import Logo, Organisation, Role, Team, User

log = structlog.get_logger("kam.security")
LARGEST_LOGO = 200 * 1024


@transaction.atomic
def create_user(
    email: str, *, name: str, role: str, password: str | None, by: User | None, language: str = ""
) -> User:
    """Create a colleague. ``password`` None means: no sign-in until one is set by mail.

    Raises InvalidInput for an unknown role or an address that is taken, ValidationError for what is no address,
    a name that is too long, or a weak password.
    """
    if role not in Role.values:
        raise InvalidInput(
            "unknown_role", gettext_noop("There is no role “%(role)s”."), {"role": role}, field="role"
        )
    name = name or email.split("@")[0]
    User(email=email, name=name, role=role, language=language).clean_fields(exclude={"password"})
    if User.objects.filter(email__iexact=email).exists():
        raise InvalidInput(
            "email_taken",
            gettext_noop("Somebody with the address %(email)s exists already."),
            {"email": email},
            "email",
        )
    if password is not None:
        validate_password(password, User(email=email, name=name))
    user: User = User.objects.create_user(email, password, name=name, role=role, language=language)
    log.info("user_created", user=str(user.pk), role=role, by=str(by.pk) if by else None)
    return user


@transaction.atomic
def create_first_leader(email: str, *, name: str, password: str, organisation: str, currency: str) -> User:
    """Create the person who sets an empty installation up. Refused as soon as anybody exists."""
    # One at a time: nobody exists yet whose row could be held, but the company's can be.
    Organisation.objects.select_for_update().get_or_create(pk=1)
    if User.objects.exists():
        raise DomainError("already_set_up", gettext_noop("This installation has been set up already."))
    Organisation.objects.update_or_create(pk=1, defaults={"name": organisation, "currency": currency})
    return create_user(email, name=name, role=Role.LEADER, password=password, by=None)


@transaction.atomic
def update_profile(user: User, *, by: User, **values: Any) -> User:
    """Change a person's own name and preferences (language, time zone, theme, single keys)."""
    allowed = {"name", "language", "time_zone", "theme", "single_keys"}
    for key in values.keys() & allowed:
        setattr(user, key, values[key])
    user.save(update_fields=[*(values.keys() & allowed), "updated_at"])
    return user


@transaction.atomic
def change_access(person: User, *, role: str, is_active: bool, by: User) -> User:
    """Give a colleague another role or take her sign-in; the last leader keeps hers.

    Raises DomainError when nobody would be left who may do this.
    """
    leaders = User.objects.select_for_update().filter(role=Role.LEADER, is_active=True).exclude(pk=person.pk)
    stays_leader = role == Role.LEADER and is_active
    if person.role == Role.LEADER and not stays_leader and not leaders.exists():
        raise DomainError("last_leader", gettext_noop("This is the last leader. Name another one first."))
    before = {"role": person.role, "is_active": person.is_active}
    person.role, person.is_active = role, is_active
    person.save(update_fields=["role", "is_active", "updated_at"])
    log.info(
        "access_changed", user=str(person.pk), before=before, role=role, is_active=is_active, by=str(by.pk)
    )
    return person


@transaction.atomic
def update_organisation(*, by: User, name: str, currency: str, fiscal_year_start: int) -> Organisation:
    """Change the company's name, reporting currency and fiscal year.

    Raises InvalidInput for another currency while amounts are kept in the present one: every line was converted
    at the rate of its day into it, and would only be called something else.
    """
    before = Organisation.objects.filter(pk=1).values_list("currency", flat=True).first()
    if before not in (None, currency) and amounts_are_kept():
        message = gettext_noop(
            "Amounts are kept in %(currency)s: sales, exchange rates, plans, opportunities or contracts. They would "
            "keep their numbers and only be called %(wanted)s. Take the imports back and remove what was typed in, "
            "or begin with %(wanted)s in an empty installation."
        )
        raise InvalidInput("currency_in_use", message, {"currency": before, "wanted": currency}, "currency")
    values = {"name": name, "currency": currency, "fiscal_year_start": fiscal_year_start}
    organisation, _created = Organisation.objects.update_or_create(pk=1, defaults=values)
    log.info("organisation_changed", by=str(by.pk), **values)
    return organisation


@transaction.atomic
def set_logo(content: bytes | None, *, by: User) -> None:
    """Keep the company's logo, without its metadata; None takes it away. Raises InvalidInput for no small PNG."""
    if content is None:
        Logo.objects.filter(pk=1).delete()
    else:
        message = gettext_noop("The logo is a PNG of up to 200 kB and 4096 pixels a side.")
        if len(content) > LARGEST_LOGO:
            raise InvalidInput("bad_logo", message, field="logo")
        try:
            Logo.objects.update_or_create(pk=1, defaults={"content": clean_png(content)})
        except ValueError as error:
            raise InvalidInput("bad_logo", message, field="logo") from error
    log.info("logo_changed", by=str(by.pk), bytes=len(content or b""))


@transaction.atomic
def set_team(name: str, *, members: list[User], by: User) -> Team:
    """Make the team of that name if it is new, and set its members."""
    team, _created = Team.objects.get_or_create(name=name)
    team.members.set(members)
    log.info("team_changed", team=str(team.pk), members=[str(m.pk) for m in members], by=str(by.pk))
    return team
