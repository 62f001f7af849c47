"""Writing down what people say about an account, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account
from accounts.windows import check_day
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.models import LARGEST_AMOUNT
from kam.lib.versions import save_changes
from kam.users.models import User
from scoring.models import AccountEstimate

Kind = AccountEstimate.Kind
# Further beyond or ahead of terms than this is a typing error.
MOST_DAYS = 3650
SCALES = {Kind.STRENGTH: (1, 10), Kind.STAGE: (1, 5), Kind.DAYS_BEYOND_TERMS: (-MOST_DAYS, MOST_DAYS)}


@dataclass(frozen=True)
class Statement:
    """What is said: ``rival_value`` is asked for relative strength alone."""

    kind: str
    value: Decimal
    source: str
    confidence: str
    rival_value: Decimal | None = None
    note: str = ""
    stated_on: date | None = None


@transaction.atomic
def state_estimate(account: Account, said: Statement, *, by: User) -> AccountEstimate:
    """Write down a statement; the ones before it stay on record.

    Raises InvalidInput for a value off its scale, without a source, or from the future.
    """
    day = said.stated_on or timezone.localdate()
    _check(said, day)
    rival = said.rival_value if said.kind == Kind.STRENGTH else None
    estimate = AccountEstimate.objects.create(
        account=account,
        kind=said.kind,
        value=said.value,
        rival_value=rival,
        source=said.source.strip(),
        confidence=said.confidence,
        note=said.note.strip(),
        stated_on=day,
        stated_by=by,
    )
    record("estimate.stated", by=by, account=account, subject=estimate, kind=said.kind, value=said.value)
    return estimate


@transaction.atomic
def state_many(rows: Sequence[tuple[Account, Statement]], *, by: User) -> list[AccountEstimate]:
    """Write many statements, all or nothing; an error names the row in its parameters."""
    made = []
    for row, (account, said) in enumerate(rows, start=1):
        try:
            made.append(state_estimate(account, said, by=by))
        except InvalidInput as error:
            raise InvalidInput(
                error.code,
                error.message,
                {**error.params, "row": row},
                f"estimates/{row - 1}/{error.field}",
            ) from error
    return made


@transaction.atomic
def withdraw_estimate(estimate: AccountEstimate, *, by: User) -> AccountEstimate:
    """Take a statement back: the one before it counts again. It stays on record."""
    if estimate.withdrawn_at is not None:
        raise DomainError("already_withdrawn", gettext_noop("This has been withdrawn already."))
    estimate = save_changes(estimate, {"withdrawn_at": timezone.now()}, expected_version=None)
    record("estimate.withdrawn", by=by, account=estimate.account, subject=estimate, kind=estimate.kind)
    return estimate


def _check(said: Statement, day: date) -> None:
    if not said.source.strip():
        raise InvalidInput("source_missing", gettext_noop("Say where this is from."), field="source")
    if check_day(day, "stated_on") > timezone.localdate():
        raise InvalidInput(
            "stated_in_the_future", gettext_noop("This day is still to come."), field="stated_on"
        )
    if said.kind == Kind.STRENGTH and said.rival_value is None:
        raise InvalidInput(
            "rival_missing", gettext_noop("Rate the best competitor as well."), field="rival_value"
        )
    low, high = SCALES.get(Kind(said.kind), (0, LARGEST_AMOUNT))
    for field, value in (("value", said.value), ("rival_value", said.rival_value)):
        if value is None or (field == "rival_value" and said.kind != Kind.STRENGTH):
            continue
        if not low <= value <= high:
            message = gettext_noop("Between %(low)s and %(high)s.")
            raise InvalidInput("off_the_scale", message, {"low": low, "high": high}, field)
