"""The ids by which other systems know an account."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from accounts.merging.chain import words_of_merged
from accounts.models import Account, AccountReference
from accounts.tidy import tidy_text
from kam.lib.errors import InvalidInput

ExternalId = tuple[str, str]


def write_references(account: Account, external_ids: Iterable[ExternalId]) -> None:
    """Give an account further (source, external id) pairs; those it has are left alone.

    Raises InvalidInput ``external_id_taken`` when another account has one of them.
    """
    for source, external_id in tidy_references(external_ids):
        if AccountReference.objects.filter(account=account, source=source, external_id=external_id).exists():
            continue
        try:
            with transaction.atomic():
                AccountReference.objects.create(account=account, source=source, external_id=external_id)
        except IntegrityError as error:
            raise InvalidInput(
                "external_id_taken",
                gettext_noop("Another account has the id “%(id)s” of %(source)s already."),
                {"id": external_id, "source": source},
                "external_ids",
            ) from error


def tidy_references(external_ids: Iterable[ExternalId]) -> list[ExternalId]:
    """Return the pairs stripped; raises InvalidInput for empty or too long ones."""
    pairs = [(tidy_text(source), tidy_text(external_id)) for source, external_id in external_ids]
    for source, external_id in pairs:
        if not source or not external_id or len(source) > 60 or len(external_id) > 120:
            raise InvalidInput(
                "bad_external_id",
                gettext_noop("An external id has a source (up to 60 characters) and an id (up to 120)."),
                field="external_ids",
            )
    return pairs


def further_words(account: Account) -> list[str]:
    """Return what search finds an account by beside its own columns: external ids, and names it had before a merge."""
    return [external_id for _source, external_id in references_of(account)] + words_of_merged([account.pk])[
        account.pk
    ]


def references_of(account: Account) -> list[ExternalId]:
    """Return the pairs an account has, sorted."""
    return sorted(AccountReference.objects.filter(account=account).values_list("source", "external_id"))
