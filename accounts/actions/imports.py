"""Imports: take a file in, choose its columns, check, commit, undo. Pages, commands and API all come here."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.imports.accounts import AccountsImport
from accounts.imports.inspection import describe, open_again, plan_of, starting_point
from accounts.imports.plan import clean_options, resolve_columns
from accounts.imports.problems import ProblemLog, error_file_of, language_of
from accounts.imports.sales import SalesImport
from accounts.imports.same_file import counts_again, import_of_same_file
from accounts.imports.undo import Undo
from kam.integrations.jobs import JobCancelled, JobRun, enqueue
from kam.integrations.models import ImportBatch, ImportProfile, Job
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.tabular.reader import open_table
from kam.lib.uploads import refuse_larger
from kam.users.models import User

State = ImportBatch.State
CHECK, COMMIT, UNDO = "accounts.check_import", "accounts.commit_import", "accounts.undo_import"
BUSY = gettext_noop("This import is being worked on at the moment.")
MAY_COMMIT = (State.UPLOADED, State.CHECKED, State.COMMITTING, State.FAILED)
MAY_UNDO = (State.COMMITTED, State.COMMITTING, State.UNDOING, State.FAILED)
RUNS: dict[str, type[SalesImport] | type[AccountsImport]] = {
    ImportBatch.Kind.SALES: SalesImport,
    ImportBatch.Kind.ACCOUNTS: AccountsImport,
}


def receive_file(
    file: "File[bytes]",
    *,
    by: User | None,
    kind: str = ImportBatch.Kind.SALES,
    source: str = "",
    mapping: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> ImportBatch:
    """Store a file and look at it. Without a mapping, a stored profile or the names of the columns propose one.

    Raises InvalidInput when the content is no table; then nothing is kept.
    """
    name = Path(file.name or "file").name.replace("\x00", "")[:200]
    refuse_larger(file.size or 0)
    batch = ImportBatch(kind=kind, file_name=name, created_by=by)
    # The stored name is ours: what people call their files never becomes a path. It is known before the first byte
    # is written, so that a copy that breaks off can be removed.
    batch.file = batch.file.field.generate_filename(batch, f"{batch.pk}.table")
    try:
        batch.file.storage.save(batch.file.name, file)
        table = open_table(Path(batch.file.path))
        batch.table = {**describe(table), "language": translation.get_language()}
        batch.mapping, batch.options, known_source = starting_point(kind, table, mapping, options)
        batch.source = _clean_source(source or known_source or "file")
        batch.save(force_insert=True)
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


def receive_mapped(file: "File[bytes]", *, by: User | None, **values: Any) -> ImportBatch:
    """Store a file and settle its columns at once, for callers that cannot be asked; ``values`` as receive_file.

    Raises InvalidInput for what is missing, wrong, or can be read in two ways; then nothing is kept.
    """
    batch = receive_file(file, by=by, **values)
    try:
        return choose_columns(batch, mapping=batch.mapping, options=batch.options, by=by)
    except DomainError:
        batch.file.delete(save=False)
        batch.delete()
        raise


def choose_columns(
    batch: ImportBatch,
    *,
    mapping: Mapping[str, str],
    by: User | None,
    options: Mapping[str, Any] | None = None,
    source: str = "",
    save_as: str = "",
) -> ImportBatch:
    """Settle mapping and options; with ``save_as`` they are kept as a profile for files with this header.

    Raises InvalidInput for what is missing, wrong, or can be read in two ways, DomainError while a job works with
    the columns chosen before: its result would be shown as that of the new ones.
    """
    _refuse_unless_idle(batch, State.UPLOADED, State.CHECKED)
    batch.mapping = {code: name for code, name in mapping.items() if name}
    batch.options = clean_options(options or {})
    batch.source = _clean_source(source or batch.source)
    plan_of(batch, open_again(batch))
    with transaction.atomic():
        # Once more: looking through a long file takes its time, and another tab may have begun meanwhile.
        _refuse_unless_idle(batch, State.UPLOADED, State.CHECKED)
        batch.state = State.UPLOADED
        batch.counts = {}
        batch.save(update_fields=["mapping", "options", "source", "state", "counts", "updated_at"])
    if save_as:
        ImportProfile.objects.update_or_create(
            kind=batch.kind,
            name=save_as[:80],
            defaults={
                "source": batch.source,
                "header": batch.table["header"],
                "mapping": batch.mapping,
                "options": {name: value for name, value in batch.options.items() if name != "choices"},
                "created_by": by,
            },
        )
    return batch


@transaction.atomic
def start_check(batch: ImportBatch, *, by: User | None) -> Job:
    """Enqueue the dry run."""
    resolve_columns(batch.kind, batch.table["header"], batch.mapping)
    return _start(CHECK, batch, by, State.UPLOADED, State.CHECKED, becomes=State.UPLOADED)


@transaction.atomic
def choose_matches(batch: ImportBatch, *, choices: Mapping[str, str], by: User | None) -> Job:
    """Say which account ambiguous rows mean, and check again.

    ``choices`` is {row number: account id, "new" for a new account, or "" to leave the row out}.
    """
    _refuse_unless_idle(batch, State.CHECKED)
    known = {row: chosen for row, chosen in (batch.options.get("choices", {}) | choices).items() if chosen}
    batch.options = clean_options(batch.options | {"choices": known})
    batch.save(update_fields=["options", "updated_at"])
    return start_check(batch, by=by)


@transaction.atomic
def start_commit(batch: ImportBatch, *, by: User | None) -> Job:
    """Enqueue the import itself; one that broke off may be started again and goes on."""
    resolve_columns(batch.kind, batch.table["header"], batch.mapping)
    return _start(COMMIT, batch, by, *MAY_COMMIT, becomes=State.COMMITTING)


@transaction.atomic
def start_undo(batch: ImportBatch, *, by: User | None) -> Job:
    """Enqueue the way back, of a finished import or of one that broke off."""
    if batch.is_demo:
        raise DomainError(
            "demo_import", gettext_noop("The demo company's orders leave with the demo company.")
        )
    return _start(UNDO, batch, by, *MAY_UNDO, becomes=State.UNDOING)


def _start(kind: str, batch: ImportBatch, by: User | None, *allowed: str, becomes: str) -> Job:
    if batch.job is not None and not batch.job.is_over:
        if batch.job.kind == kind:
            return batch.job
        raise DomainError("import_busy", BUSY)
    _refuse_unless(batch, *allowed)
    job = enqueue(kind, {"batch": str(batch.pk)}, by=by, key=f"import:{batch.pk}")
    won = ImportBatch.objects.filter(pk=batch.pk, state__in=allowed).update(state=becomes, job=job)
    if not won:
        batch.refresh_from_db()
        _refuse_unless(batch, *allowed)
    batch.refresh_from_db()
    return job


@transaction.atomic
def _refuse_unless_idle(batch: ImportBatch, *allowed: str) -> None:
    """Refuse while a job works on the batch, as its row stands now; inside a transaction it stands so until its end."""
    now = ImportBatch.objects.select_related("job").select_for_update(of=("self",)).get(pk=batch.pk)
    if now.job is not None and not now.job.is_over:
        raise DomainError("import_busy", BUSY)
    _refuse_unless(now, *allowed)


def _refuse_unless(batch: ImportBatch, *allowed: str) -> None:
    if batch.state not in allowed:
        raise DomainError(
            "wrong_import_state",
            gettext_noop("This is not possible while the import is in the state “%(state)s”."),
            {"state": batch.get_state_display()},
        )


def check_import(batch: ImportBatch, *, run: JobRun) -> dict[str, Any]:
    """The dry run: the counts a commit would have, the reasons, and the error file. Writes no business data."""
    counts = _read(batch, run, lambda importer: importer.check())
    _store(batch, state=State.CHECKED)
    return counts


def commit_import(batch: ImportBatch, *, run: JobRun) -> dict[str, Any]:
    """Write the file's rows; a killed run goes on where it stopped, one that is cancelled or refused is taken back."""
    if _has_ended(batch, run, State.COMMITTED):
        return {"batch": str(batch.pk), **batch.counts, "reasons": batch.reasons}
    _refuse_unless(batch, *MAY_COMMIT)
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.COMMITTING, job=run.job)
    try:
        counts = _read(batch, run, lambda importer: importer.commit())
    except (JobCancelled, DomainError) as error:
        run.checkpoint(row=0, tally={})  # first, so that a retry never skips what is taken back here
        Undo(batch).take_back()
        state = State.CHECKED if isinstance(error, JobCancelled) else State.FAILED
        ImportBatch.objects.filter(pk=batch.pk).update(state=state)
        raise
    with transaction.atomic():
        _store(batch, state=State.COMMITTED, committed_at=timezone.now())
        record("import.committed", by=run.by, subject=batch, source=batch.source, **batch.counts)
    return counts


def undo_import(batch: ImportBatch, *, run: JobRun) -> dict[str, Any]:
    """Take an import back. What people changed or used since stays, and is named in the result."""
    if _has_ended(batch, run, State.UNDONE):
        return {"batch": str(batch.pk), **batch.kept}
    _refuse_unless(batch, *MAY_UNDO)
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.UNDOING, job=run.job)
    result = Undo(batch, run).take_back()
    with transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=State.UNDONE, undone_at=timezone.now(), kept=result
        )
        record(
            "import.undone", by=run.by, subject=batch, **{k: v for k, v in result.items() if k != "kept_rows"}
        )
    return {"batch": str(batch.pk), **result}


def _has_ended(batch: ImportBatch, run: JobRun, state: str) -> bool:
    """Say whether a killed run of this job had done its work already, and only its end was not written."""
    return batch.state == state and batch.job == run.job


def _read(
    batch: ImportBatch, run: JobRun, work: Callable[[SalesImport | AccountsImport], dict[str, Any]]
) -> dict[str, Any]:
    former = import_of_same_file(batch)
    if former is None:
        _read_rows(batch, run, work)
    else:
        _take_over(batch, former)
    return {"batch": str(batch.pk), **batch.counts, "reasons": batch.reasons}


def _read_rows(
    batch: ImportBatch, run: JobRun, work: Callable[[SalesImport | AccountsImport], dict[str, Any]]
) -> None:
    table = open_again(batch)
    plan = plan_of(batch, table)
    language = language_of(batch)
    name = error_file_of(batch, language)
    with translation.override(language):
        problems = ProblemLog(table.header, Path(default_storage.path(name)))
        try:
            importer = RUNS[batch.kind](batch, table, plan, problems, run)
            batch.counts = work(importer)
        finally:
            problems.close()
    batch.reasons = problems.summary()
    batch.problems = problems.shown
    batch.changes = importer.changes or batch.changes
    batch.error_file = name if problems.reasons else ""


def _take_over(batch: ImportBatch, former: ImportBatch) -> None:
    """Say of a file what the import of the same file found, which still stands."""
    batch.counts = counts_again(former)
    batch.reasons, batch.problems, batch.changes = former.reasons, former.problems, []
    if former.error_file:
        name = error_file_of(batch, language_of(batch))
        default_storage.delete(name)  # of the check before
        with former.error_file.open("rb") as rows:
            batch.error_file = default_storage.save(name, rows)


def _store(batch: ImportBatch, **values: Any) -> None:
    for name, value in values.items():
        setattr(batch, name, value)
    fields = ["counts", "reasons", "problems", "changes", "error_file", "updated_at", *values]
    batch.save(update_fields=fields)


def _clean_source(source: str) -> str:
    tidy = " ".join(source.split())
    if not tidy.isprintable() or len(tidy) > 60:
        message = gettext_noop("A source is a name of up to 60 characters.")
        raise InvalidInput("bad_source", message, field="source")
    return tidy
