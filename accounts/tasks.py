"""The job kinds of this room; each calls one action."""

from typing import Any

from django.utils.translation import gettext_noop

from accounts.actions import imports
from kam.integrations.jobs import JobRun, job_kind
from kam.integrations.models import ImportBatch


def _batch(run: JobRun) -> ImportBatch:
    return ImportBatch.objects.select_related("created_by").get(pk=run.payload["batch"])


@job_kind(imports.CHECK, gettext_noop("Check an import"))
def check_import(run: JobRun) -> dict[str, Any]:
    return imports.check_import(_batch(run), run=run)


@job_kind(imports.COMMIT, gettext_noop("Import a file"))
def commit_import(run: JobRun) -> dict[str, Any]:
    return imports.commit_import(_batch(run), run=run)


@job_kind(imports.UNDO, gettext_noop("Undo an import"))
def undo_import(run: JobRun) -> dict[str, Any]:
    return imports.undo_import(_batch(run), run=run)
