"""What the demo made and no column marks as its own: its ids are kept with its import batch."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from kam.integrations.models import ImportBatch
from kam.users.models import User
from reports.demo import words


def demo_batches() -> QuerySet[ImportBatch]:
    """Return the batch that the demo's sales lines hang on."""
    return ImportBatch.objects.filter(source=words.SOURCE)


def open_batch(by: User) -> ImportBatch:
    """Write the demo's batch, first of all, so that a half-built demo can be removed as well."""
    return ImportBatch.objects.create(
        kind=ImportBatch.Kind.SALES,
        state=ImportBatch.State.COMMITTED,
        source=words.SOURCE,
        file_name="demo.csv",
        created_by=by,
        committed_at=timezone.now(),
        options={"made": {}},
    )


def note_made(batch: ImportBatch, rows: Iterable[models.Model]) -> None:
    """Remember rows as the demo's own."""
    made = batch.options["made"]
    for row in rows:
        made.setdefault(row._meta.model_name, []).append(str(row.pk))
    batch.save(update_fields=["options", "updated_at"])


def made(model: type[models.Model]) -> QuerySet[Any]:
    """Return the rows of a table that the demo made and that still exist."""
    ids = [
        pk for batch in demo_batches() for pk in batch.options.get("made", {}).get(model._meta.model_name, [])
    ]
    return model._default_manager.filter(pk__in=ids)
