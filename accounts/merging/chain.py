"""Where an account lives on that was merged into another, and that one perhaps into a third."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Account, AccountMerge, AccountReference, MergedRow

# Twenty merges in a row are none that people made.
MOST_STEPS = 20
# What search finds an account by; a place is no name of it.
FORMER_WORDS = ("name", "brand_name", "domain", "vat_id")
# How a merge notes the external ids that it moved.
REFERENCES = "accounts.accountreference.account"


@dataclass(frozen=True)
class Fit:
    """An account that something fits, and the merged one it fits by (None: it fits by itself)."""

    account: Account
    former: Account | None = None

    @property
    def label(self) -> str:
        """Return name and place, after the name of the merged account that led there."""
        name = f"{self.account.name} ({self.account.city})"
        return f"{self.former.name} → {name}" if self.former else name

    def settled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values without those of the merged account: whose value stands was decided by the merge."""
        if self.former is None:
            return dict(values)
        return {name: value for name, value in values.items() if getattr(self.former, name) != value}


def lives_on_as(key: UUID) -> UUID:
    """Return the id of the account that stays in the end; an account that was never merged is its own."""
    for _number in range(MOST_STEPS):
        above = Account.everything.filter(pk=key).values_list("merged_into", flat=True).first()
        if above is None:
            break
        key = above
    return key


def standing(key: UUID, user: Any) -> Account | None:
    """Return the account that a merged one lives on in, as far as the person sees it; None for any other."""
    stays = lives_on_as(key)
    return None if stays == key else Account.objects.visible_to(user).filter(pk=stays).first()


def fits(found: Iterable[Account], seen: QuerySet[Account] | None = None) -> list[tuple[Account, Fit]]:
    """Return each account that was found, merged ones among them and first, with the one that it stands for.

    Two queries more where a merged one was found, none otherwise. ``seen`` narrows what a merged one may lead to.
    """
    live: list[Account] = []
    merged: list[Account] = []
    for account in found:
        (merged if account.merged_into_id else live).append(account)
    if not merged:
        return [(account, Fit(account)) for account in live]
    ends = live_ids(account.pk for account in merged)
    stays = (Account.objects.all() if seen is None else seen).in_bulk(set(ends.values()))
    led = [
        (account, Fit(stays[ends[account.pk]], account)) for account in merged if ends[account.pk] in stays
    ]
    return [*led, *((account, Fit(account)) for account in live)]


def live_ids(keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return {id: id of the account that stays} of those that were merged, however many, in a query for each step."""
    wanted = set(keys)
    above: dict[UUID, UUID] = {}
    level = wanted
    while level:
        rows = Account.everything.filter(pk__in=level, merged_into__isnull=False)
        steps = dict(rows.values_list("pk", "merged_into"))
        above |= steps
        level = set(steps.values()) - above.keys()
    ends = {}
    for key in wanted & above.keys():
        end = above[key]
        while end in above:
            end = above[end]
        ends[key] = end
    return ends


def formers(references: Collection[AccountReference]) -> dict[UUID, Account]:
    """Return {id of a reference: the merged account that it was of at first} of those that a merge moved.

    One query where nothing was merged into their accounts, a few more otherwise, whatever the number.
    """
    level = {reference.account_id for reference in references}
    below: set[UUID] = set()
    while level := set(Account.everything.filter(merged_into__in=level).values_list("pk", flat=True)):
        below |= level
    if not below:
        return {}
    noted = MergedRow.objects.filter(
        merge__source__in=below, merge__state=AccountMerge.State.MERGED, relation=REFERENCES
    )
    first: dict[UUID, UUID] = {}
    for row_id, source in noted.order_by("merge__merged_at", "pk").values_list("row_id", "merge__source"):
        first.setdefault(UUID(row_id), source)
    accounts = Account.everything.in_bulk(set(first.values()))
    return {reference.pk: accounts[first[reference.pk]] for reference in references if reference.pk in first}


def words_of_merged(keys: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return by account what those were called that were merged into it, and those merged into these before."""
    words: dict[UUID, list[str]] = defaultdict(list)
    owner = {key: key for key in keys}
    level = set(owner)
    while level:
        merged = Account.everything.filter(merged_into__in=level).order_by("pk")
        rows = list(merged.values_list("pk", "merged_into", *FORMER_WORDS))
        for pk, above, *said in rows:
            owner[pk] = owner[above]
            words[owner[above]] += filter(None, said)
        level = {row[0] for row in rows}
    return words
