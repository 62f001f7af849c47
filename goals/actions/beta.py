"""Beta programmes: plan, invite within the limits, note answers with consent, feedback and outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from accounts.models import Account
from accounts.tidy import tidy_text, tidy_values
from goals.beta import burdens_of
from goals.models import BetaFeedback, BetaLimits, BetaParticipation, BetaProgramme
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import check_version, save_changes
from kam.users.models import User

EDITABLE = (
    "name",
    "offering",
    "purpose",
    "starts_on",
    "ends_on",
    "places",
    "industries",
    "countries",
    "key_only",
    "buys",
    "revenue_from",
    "revenue_to",
)
# From which state to which.
STEPS = {
    "draft": ("invited",),
    "invited": ("accepted", "declined", "draft"),
    "accepted": ("finished", "withdrawn", "invited"),
    "declined": ("invited",),
    "withdrawn": ("invited",),
    "finished": ("accepted",),
}
CONSENT = ("consent_by", "consent_on", "consent_how")
NO_CONSENT: dict[str, Any] = {"consent_by": "", "consent_on": None, "consent_how": ""}


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was asked, and who was not with the sentence why."""

    rows: list[BetaParticipation] = field(default_factory=list)
    refused: list[tuple[Account, str]] = field(default_factory=list)


@transaction.atomic
def save_programme(
    programme: BetaProgramme | None,
    *,
    values: dict[str, Any],
    by: User | None,
    expected_version: int | None = None,
) -> BetaProgramme:
    """Plan a programme, or change it. Raises InvalidInput for what cannot be and Conflict on another version."""
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )
    clean = tidy_values(BetaProgramme, values)
    row = programme or BetaProgramme(owner=by)
    check_version(row, expected_version if programme else None)
    changed = differences(row, clean)
    for name, value in clean.items():
        setattr(row, name, value)
    _check(row)
    try:
        with transaction.atomic():
            if programme is None:
                row.save(force_insert=True)
            elif changed:
                new = {name: clean[name] for name in changed["after"]}
                save_changes(row, new, expected_version=expected_version)
    except IntegrityError as error:
        raise InvalidInput(
            "exists", gettext_noop("There is a programme of this name already."), field="name"
        ) from error
    if programme is None:
        record("beta_programme.created", by=by, subject=row, after=clean)
    elif changed:
        record("beta_programme.updated", by=by, account=None, subject=row, **changed)
    return row


@transaction.atomic
def close_programme(programme: BetaProgramme, *, closed: bool, by: User | None) -> BetaProgramme:
    """Close a programme, or open it again; as it already is, it stays."""
    if (programme.closed_at is not None) != closed:
        save_changes(programme, {"closed_at": timezone.now() if closed else None}, expected_version=None)
        verb = "beta_programme.closed" if closed else "beta_programme.reopened"
        record(verb, by=by, subject=programme)
    return programme


@transaction.atomic
def invite(
    programme: BetaProgramme,
    accounts: Sequence[Account],
    *,
    by: User | None,
    draft: bool = False,
    reason: str = "",
    on: date | None = None,
) -> Invited:
    """Invite accounts, or note them as a draft; who is in already stays as it is.

    An account at the limit is refused with the sentence why, unless a ``reason`` says why it is asked anyway.
    """
    day, why = on or timezone.localdate(), tidy_text(reason)[:300]
    if programme.closed_at is not None:
        raise DomainError("programme_closed", gettext_noop("The programme is closed. Open it again first."))
    burdens = burdens_of(programme, [account.pk for account in accounts], day)
    standing = {
        row.account_id: row
        for row in programme.participations.filter(account__in=accounts).select_related("account")
    }
    result = Invited()
    for account in dict.fromkeys(accounts):  # whoever is named twice is asked once
        burden = burdens.get(account.pk, "")
        row = standing.get(account.pk)
        if row is not None and (draft or row.state != "draft"):
            result.rows.append(row)
        elif burden and not why and not draft:
            result.refused.append((account, burden))
        else:
            overridden = why if burden and not draft else ""
            result.rows.append(_asked(programme, account, row, by, "" if draft else day, overridden))
    return result


def _asked(
    programme: BetaProgramme,
    account: Account,
    row: BetaParticipation | None,
    by: User | None,
    day: date | str,
    overridden: str,
) -> BetaParticipation:
    if row is None:
        row = BetaParticipation.objects.create(programme=programme, account=account)
    if isinstance(day, date):
        new = {"state": "invited", "invited_on": day, "override_reason": overridden}
        save_changes(row, new, expected_version=None)
    details = {"reason": overridden} if overridden else {}
    verb = "beta.invited" if isinstance(day, date) else "beta.drafted"
    record(verb, by=by, account=account, subject=row, **details)
    return row


@transaction.atomic
def move(
    row: BetaParticipation,
    *,
    state: str,
    by: User | None,
    values: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> BetaParticipation:
    """Note the answer of an account, its withdrawal or the end; back to ``invited`` or ``accepted`` takes that back.

    Taking part needs who agreed, when and how. Raises InvalidInput without it, DomainError where no place is
    left or the step does not follow.
    """
    check_version(row, expected_version)
    if row.state == state:
        return row
    if state not in STEPS[row.state]:
        raise DomainError(
            "no_step", gettext_noop("This does not follow from where the participation stands.")
        )
    new = tidy_values(BetaParticipation, dict(values or {}))
    new |= _consequences(row, state, new)
    before = row.state
    save_changes(row, new | {"state": state}, expected_version=None)
    change = {"before": {"state": before}, "after": {"state": state} | {n: new[n] for n in new if new[n]}}
    record(f"beta.{state}", by=by, account=row.account, subject=row, **change)
    return row


def _consequences(row: BetaParticipation, state: str, new: dict[str, Any]) -> dict[str, Any]:
    today = timezone.localdate()
    if state == "accepted" and row.state != "finished":
        _check_consent(new, today)
        _check_places(row)
        return {"answered_on": today}
    if state == "finished":
        _check_consent({name: new.get(name, getattr(row, name)) for name in CONSENT}, today)
    if state == "declined":
        return {"answered_on": today}
    if state == "invited":
        day = row.invited_on or today
        return NO_CONSENT | {"answered_on": None, "note": "", "invited_on": day}
    if state == "draft":
        return {"invited_on": None, "override_reason": ""}
    return {}


def _check_consent(values: dict[str, Any], today: date) -> None:
    if missing := [name for name in CONSENT if not values.get(name)]:
        raise InvalidInput(
            "no_consent",
            gettext_noop("Taking part needs consent: say who agreed, when and how."),
            field=missing[0],
        )
    if values["consent_on"] > today:
        raise InvalidInput("not_yet", gettext_noop("That day has not come."), field="consent_on")


def _check_places(row: BetaParticipation) -> None:
    programme = BetaProgramme.objects.select_for_update().get(pk=row.programme_id)
    taken = programme.participations.filter(state__in=["accepted", "finished"]).exclude(pk=row.pk).count()
    if programme.places is not None and taken >= programme.places:
        raise DomainError(
            "no_place",
            gettext_noop("All %(count)s places are taken. Raise their number first."),
            {"count": programme.places},
        )


@transaction.atomic
def note_feedback(row: BetaParticipation, *, values: dict[str, Any], by: User | None) -> BetaFeedback:
    """Note what the account said about what it tries. Raises InvalidInput without a text or before it takes part."""
    if row.state not in ("accepted", "finished"):
        raise DomainError("not_in", gettext_noop("Feedback comes from accounts that take part."))
    clean = tidy_values(BetaFeedback, {"given_on": timezone.localdate()} | values)
    contact = clean.get("contact")
    if contact is not None and contact.account_id != row.account_id:
        raise InvalidInput("other_account", gettext_noop("This belongs to another account."), field="contact")
    if clean["given_on"] > timezone.localdate():
        raise InvalidInput("not_yet", gettext_noop("That day has not come."), field="given_on")
    found = BetaFeedback.objects.create(participation=row, noted_by=by, **clean)
    record("beta.feedback", by=by, account=row.account, subject=row, note=found.text[:300])
    return found


@transaction.atomic
def set_limits(*, at_once: int, per_year: int, by: User | None) -> BetaLimits:
    """Set in how many programmes an account may be asked."""
    if not 1 <= at_once <= 20 or not 1 <= per_year <= 50:
        raise InvalidInput("bad_limit", gettext_noop("At once 1 to 20, in twelve months 1 to 50."))
    row = BetaLimits.current()
    changed = differences(row, {"at_once": at_once, "per_year": per_year})
    if changed:
        BetaLimits.objects.update_or_create(pk=1, defaults={"at_once": at_once, "per_year": per_year})
        record("beta_limits.updated", by=by, account=None, subject=row, **changed)
    return BetaLimits.current()


def _check(row: BetaProgramme) -> None:
    if not row.name:
        raise InvalidInput("no_name", gettext_noop("Give the programme a name."), field="name")
    if row.starts_on is None or row.ends_on is None or row.ends_on < row.starts_on:
        raise InvalidInput(
            "ends_before", gettext_noop("A programme ends after it has begun."), field="ends_on"
        )
    if row.places is not None and row.places < 1:
        raise InvalidInput("no_places", gettext_noop("There is at least one place."), field="places")
    low, high = row.revenue_from, row.revenue_to
    if low is not None and high is not None and high < low:
        raise InvalidInput(
            "bad_band", gettext_noop("The upper end of the revenue lies below the lower."), field="revenue_to"
        )
