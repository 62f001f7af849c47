"""The job kinds of this room; each calls one action."""

from typing import Any

from django.utils.translation import gettext_noop

from accounts.actions import imports, merges
from accounts.imports.problems import told_result
from accounts.models import AccountMerge
from kam.integrations.jobs import JobRun, job_kind
from kam.integrations.models import ImportBatch


def _batch(run: JobRun) -> ImportBatch:
    return ImportBatch.objects.select_related("created_by").get(pk=run.payload["batch"])


@job_kind(imports.CHECK, gettext_noop("Check an import"), tell=told_result)
def check_import(run: JobRun) -> dict[str, Any]:
    return imports.check_import(_batch(run), run=run)


@job_kind(imports.COMMIT, gettext_noop("Import a file"), tell=told_result)
def commit_import(run: JobRun) -> dict[str, Any]:
    return imports.commit_import(_batch(run), run=run)


@job_kind(imports.UNDO, gettext_noop("Undo an import"), tell=told_result)
def undo_import(run: JobRun) -> dict[str, Any]:
    return imports.undo_import(_batch(run), run=run)


def _merge(run: JobRun) -> AccountMerge:
    return AccountMerge.objects.get(pk=run.payload["merge"])


@job_kind(merges.MERGE, gettext_noop("Merge two accounts"))
def merge_accounts(run: JobRun) -> dict[str, Any]:
    merge = merges.carry_out_merge(_merge(run))
    return {"merge": str(merge.pk), "lines": merge.counts.get("accounts.salesline.account", [0])[0]}


@job_kind(merges.UNDO, gettext_noop("Take two accounts apart"))
def undo_merge(run: JobRun) -> dict[str, Any]:
    return {"merge": str(merges.carry_out_undo(_merge(run)).pk)}
