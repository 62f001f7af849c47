"""Naming key accounts blind: a leader's own list, compared with the ranking that comes after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import User
from scoring.actions.decisions import above, line_of
from scoring.backtest import Overlap, overlap
from scoring.models import BlindList, Score, ScoreRun

MOST = 200


@dataclass(frozen=True)
class Comparison:
    """A list against the accounts above the line of a run, as far as the reader may see them."""

    blind: BlindList
    overlap: Overlap
    both: list[Account]
    only_named: list[Account]
    only_ranked: list[Account]


@transaction.atomic
def name_blind(person: User, account: Account) -> BlindList:
    """Put an account on a person's open list, which is begun when there is none."""
    blind = open_list(person) or BlindList.objects.create(person=person)
    if blind.accounts.count() >= MOST:
        raise DomainError(
            "list_full",
            gettext_noop("At most %(most)s accounts: a list of all is no choice."),
            {"most": MOST},
        )
    blind.accounts.add(account)
    return blind


@transaction.atomic
def unname_blind(person: User, account: Account) -> None:
    """Take an account off the open list."""
    blind = open_list(person)
    if blind is not None:
        blind.accounts.remove(account)


@transaction.atomic
def hand_in_blind(person: User) -> BlindList:
    """Close the open list; from here on it never changes. Raises DomainError for an empty one."""
    blind = open_list(person)
    if blind is None or not blind.accounts.exists():
        raise DomainError("list_empty", gettext_noop("Name at least one account first."))
    blind = save_changes(blind, {"handed_in_at": timezone.now()}, expected_version=None)
    record("blind_list.handed_in", by=person, subject=blind, accounts=blind.accounts.count())
    return blind


@transaction.atomic
def state_blind(person: User, accounts: Iterable[Account]) -> BlindList:
    """Name all accounts of a list and hand it in, in one step; replaces an open list."""
    chosen = list({account.pk: account for account in accounts}.values())
    if not 0 < len(chosen) <= MOST:
        raise InvalidInput(
            "list_invalid",
            gettext_noop("Name between one and %(most)s accounts."),
            {"most": MOST},
            "accounts",
        )
    blind = open_list(person) or BlindList.objects.create(person=person)
    blind.accounts.set(chosen)
    return hand_in_blind(person)


def open_list(person: User) -> BlindList | None:
    """Return the list a person is still writing."""
    return BlindList.objects.filter(person=person, handed_in_at__isnull=True).first()


def lists_before(run: ScoreRun) -> list[BlindList]:
    """Return of each person the newest list handed in before the run was started: later ones were not blind."""
    handed = BlindList.objects.filter(handed_in_at__lt=run.created_at).select_related("person")
    newest: dict[Any, BlindList] = {}
    for blind in handed.order_by("-handed_in_at"):
        newest.setdefault(blind.person_id, blind)
    return sorted(newest.values(), key=lambda blind: blind.person.name)


def compared(run: ScoreRun, user: User) -> list[Comparison]:
    """Compare the blind lists with those above the line of a run, names as far as ``user`` may see them."""
    scores = above(Score.objects.of_run(run), line_of(run.model)).ranked()
    ranked = list(scores.values_list("account_id", flat=True))
    lists = lists_before(run)
    links = BlindList.accounts.through.objects.filter(blindlist__in=lists)
    named: dict[Any, list[Any]] = {}
    for blind, account in links.values_list("blindlist_id", "account_id"):
        named.setdefault(blind, []).append(account)
    ids = {*ranked, *(pk for chosen in named.values() for pk in chosen)}
    visible = Account.objects.visible_to(user).in_bulk(ids)
    return [_compared(blind, named.get(blind.pk, []), ranked, visible) for blind in lists]


def _compared(
    blind: BlindList, named: list[Any], ranked: list[Any], visible: dict[Any, Account]
) -> Comparison:
    chosen, above_line = set(named), set(ranked)

    def rows(ids: Iterable[Any]) -> list[Account]:
        return sorted((visible[pk] for pk in ids if pk in visible), key=lambda account: account.sort_key)

    return Comparison(
        blind,
        overlap(named, ranked),
        rows(chosen & above_line),
        rows(chosen - above_line),
        rows(above_line - chosen),
    )
