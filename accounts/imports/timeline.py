"""What an import writes into the timelines: one entry for every account and every contact that it touches."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from accounts.actions.timeline import plain
from accounts.models import Account, Activity
from kam.integrations.models import ImportBatch
from kam.lib.bulk import insert_rows
from kam.lib.ids import uuid7
from kam.users.models import User

IMPORTED_ACCOUNT, IMPORTED_CONTACT = "account.imported", "contact.imported"
# No sign that somebody works with an account.
VERBS = (IMPORTED_ACCOUNT, IMPORTED_CONTACT)
Change = tuple[Account | None, Model | None, dict[str, Any]]


def write_timeline(batch: ImportBatch, verb: str, changes: Iterable[Change], by: User | None) -> None:
    """Write (account, what was written, before and after). Call it inside the transaction of the change."""
    told = [(account, subject, details) for account, subject, details in changes if subject is not None]
    columns: dict[str, list[Any]] = {
        "id": [uuid7() for _ in told],
        "account_id": [account.pk if account else None for account, _, _ in told],
        "subject_type": [subject._meta.model_name or "" for _, subject, _ in told],
        "subject_id": [str(subject.pk) for _, subject, _ in told],
        "subject_label": [str(subject)[:200] for _, subject, _ in told],
        "details": [plain(details | {"import": str(batch.pk)}) for _, _, details in told],
    }
    insert_rows(Activity(verb=verb, actor=by), columns)
