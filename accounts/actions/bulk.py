"""Writing many accounts in one call, each row by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.actions.accounts import add_external_ids, create_account, update_account
from accounts.actions.references import ExternalId
from accounts.merging.chain import Fit, fits
from accounts.models import Account, AccountReference
from accounts.tidy import tidy_domain, tidy_vat_id
from kam.lib.errors import DomainError, InvalidInput
from kam.users.models import User

Parsed = tuple[dict[str, Any], list[ExternalId]]


@dataclass
class RowOutcome:
    """What became of one row; ``status`` as an HTTP status, 424 for rows taken back with a failed one."""

    index: int
    status: int = 200
    id: Any = None
    created: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "index": self.index,
            "status": self.status,
            "id": str(self.id) if self.id else None,
            "created": self.created,
            "errors": self.errors,
        }


@dataclass
class BulkOutcome:
    committed: bool
    rows: list[RowOutcome]

    @property
    def is_clean(self) -> bool:
        return all(row.status < 300 for row in self.rows)


def write_rows(
    rows: Sequence[Parsed | Any],
    *,
    by: User,
    mode: str,
    match: str,
    atomic: bool = False,
    dry_run: bool = False,
) -> BulkOutcome:
    """Create, update or upsert each row; a row that could not be read is given as its errors.

    ``match`` (external_id, domain, vat_id) finds the account; several that fit are an error, never a guess.
    ``atomic`` takes everything back when one row fails, ``dry_run`` takes everything back in any case.
    """
    with transaction.atomic():
        found = _matches(rows, match, by)
        outcomes = [_write_row(index, row, found, (mode, match), by) for index, row in enumerate(rows)]
        failed = any(outcome.status >= 300 for outcome in outcomes)
        if dry_run or (atomic and failed):
            transaction.set_rollback(True)
    if (atomic and failed) or dry_run:
        for outcome in outcomes:
            outcome.id = None if outcome.created else outcome.id
            outcome.status = 424 if atomic and failed and outcome.status < 300 else outcome.status
        return BulkOutcome(committed=False, rows=outcomes)
    return BulkOutcome(committed=True, rows=outcomes)


def _write_row(
    index: int, row: Any, found: dict[Any, list[Fit]], how: tuple[str, str], by: User
) -> RowOutcome:
    outcome = RowOutcome(index)
    if not isinstance(row, tuple):
        return _refused(outcome, row)
    try:
        with transaction.atomic():
            account, outcome.created = _upsert(row, found, how, by)
    except DomainError as error:
        outcome.status = error.status
        outcome.errors = [{"pointer": f"/{error.field}", "code": error.code, "detail": str(error)}]
        return outcome
    except PermissionDenied:
        return RowOutcome(index, 403, errors=[{"pointer": "/", "code": "permission_denied", "detail": ""}])
    outcome.id, outcome.status = account.pk, 201 if outcome.created else 200
    for key in _keys(row, how[1]):
        found.setdefault(key, [Fit(account)] if outcome.created else found.get(key, []))
    return outcome


def _refused(outcome: RowOutcome, errors: dict[str, Any]) -> RowOutcome:
    outcome.status = 422
    outcome.errors = [
        {"pointer": f"/{name}", "code": getattr(detail, "code", "invalid"), "detail": str(detail)}
        for name, details in errors.items()
        for detail in (details if isinstance(details, list) else [details])
    ]
    return outcome


def _upsert(row: Parsed, found: dict[Any, list[Fit]], how: tuple[str, str], by: User) -> tuple[Account, bool]:
    (values, external_ids), (mode, match) = row, how
    fitting = {fit.account.pk: fit for key in _keys(row, match) for fit in found.get(key, [])}
    if len(fitting) > 1:
        raise InvalidInput(
            "ambiguous", gettext_noop("%(count)s accounts fit this row."), {"count": len(fitting)}, match
        )
    if not fitting and mode == "update":
        raise DomainError("no_match", gettext_noop("No account fits this row."), field=match)
    if fitting and mode == "create":
        raise DomainError("exists", gettext_noop("This account exists already."), field=match)
    if not fitting:
        return create_account(values=values, external_ids=external_ids, by=by), True
    fit = next(iter(fitting.values()))
    account = fit.account
    update_account(account, values=fit.settled(values), by=by)
    if external_ids:
        add_external_ids(account, external_ids=external_ids, by=by)
    return account, False


def _keys(row: Parsed, match: str) -> list[Any]:
    values, external_ids = row
    if match == "external_id":
        return list(external_ids)
    text = values.get(match)
    try:
        tidy = tidy_domain(text or "") if match == "domain" else tidy_vat_id(text or "")
    except InvalidInput:
        return []
    return [tidy] if tidy else []


def _matches(rows: Sequence[Any], match: str, by: User) -> dict[Any, list[Fit]]:
    """Return the visible accounts that any row may mean, by key, in two queries, or four where one was merged.

    A key of an account that was merged means the one it lives on in.
    """
    keys = {key for row in rows if isinstance(row, tuple) for key in _keys(row, match)}
    found: dict[Any, list[Fit]] = {}
    seen = Account.objects.visible_to(by)
    if match != "external_id":
        any_of = Q(merged_into__isnull=False) | Q(pk__in=seen.order_by().values("pk"))
        for account, fit in fits(Account.everything.having(match, keys).filter(any_of), seen):
            found.setdefault(getattr(account, match), []).append(fit)
        return found
    references = AccountReference.objects.filter(
        external_id__in={external_id for _source, external_id in keys}, account__in=seen.values("pk")
    )
    for reference in references.select_related("account"):
        found.setdefault((reference.source, reference.external_id), []).append(Fit(reference.account))
    return found
