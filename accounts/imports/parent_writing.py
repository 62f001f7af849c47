"""Writing the parents that an account file names, when all its accounts are there."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from accounts.actions.tree import refresh_tops_of
from accounts.imports.parents import Node
from accounts.models import Account
from kam.integrations.models import ImportBatch, ImportedRow
from kam.lib.bulk import in_steps, update_objects

ACCOUNTS_A_STEP = 500


def link_parents(batch: ImportBatch, moves: Mapping[Node, Node | None]) -> None:
    """Give accounts of the file the parents that it names; doing it again changes nothing.

    Raises DomainError when somebody has moved companies meanwhile so that they would form a circle.
    """
    ids = new_accounts(batch)
    wanted: dict[UUID, UUID | None] = {}
    for child, above in moves.items():
        wanted[_written(child, ids)] = None if above is None else _written(above, ids)
    with transaction.atomic():
        changed: dict[UUID, UUID | None] = {}
        for step in in_steps(wanted, ACCOUNTS_A_STEP):
            stands = dict(Account.objects.filter(pk__in=step).values_list("pk", "parent"))
            changed |= {child: wanted[child] for child in step if stands[child] != wanted[child]}
        update_objects([Account(pk=child, parent_id=above) for child, above in changed.items()], ["parent"])
        _note(batch, changed)
        refresh_tops_of(changed)


def new_accounts(batch: ImportBatch) -> dict[int, UUID]:
    """Return the accounts that the batch created, by the row that brought them."""
    notes = ImportedRow.objects.filter(batch=batch, table="account", before__isnull=True)
    return {row: UUID(pk) for row, pk in notes.values_list("after__row", "row_id").iterator()}


def _written(node: Node, ids: Mapping[int, UUID]) -> UUID:
    return node if isinstance(node, UUID) else ids[node]


def _note(batch: ImportBatch, changed: Mapping[UUID, UUID | None]) -> None:
    """Let the undo know which parent is the import's work; accounts that it created go as a whole."""
    for step in in_steps(changed, ACCOUNTS_A_STEP):
        known = ImportedRow.objects.filter(batch=batch, table="account", before__isnull=False)
        notes = list(known.filter(row_id__in=map(str, step)))
        for note in notes:
            above = changed[UUID(note.row_id)]
            note.after["parent_id"] = None if above is None else str(above)
        update_objects(notes, ["after"])
