"""What connects KAM with the rest: background jobs, API keys, imports, foreign ids."""

from collections.abc import Callable
from datetime import date
from operator import itemgetter
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from kam.integrations.querysets import ApiKeyQuerySet, ImportBatchQuerySet, JobQuerySet
from kam.lib import formatting
from kam.lib.models import TimestampedModel
from kam.users.models import User

# English msgids by kind, filled when the rooms register their kinds (kam.integrations.jobs.job_kind).
KIND_TITLES: dict[str, str] = {}
# By kind, what turns a stored result into one in the reader's language; filled in like the titles.
RESULT_TELLERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
# English msgids of the figures that jobs end with; what is not here is for programs.
RESULT_TITLES = {
    "as_of": gettext_noop("As of"),
    "model": gettext_noop("Scoring model"),
    "version": gettext_noop("Version"),
    "title": gettext_noop("Title"),
    "rows": gettext_noop("Rows"),
    "new": gettext_noop("New"),
    "changed": gettext_noop("Changed"),
    "unchanged": gettext_noop("Unchanged"),
    "rejected": gettext_noop("Rejected"),
    "without_account": gettext_noop("Without an account"),
    "reversals": gettext_noop("Reversals"),
    "accounts_created": gettext_noop("Accounts created"),
    "contacts_created": gettext_noop("Contacts created"),
    "contacts_changed": gettext_noop("Contacts changed"),
    "accounts": gettext_noop("Accounts"),
    "lines": gettext_noop("Sales lines"),
    "offerings": gettext_noop("Offerings"),
    "people": gettext_noop("People"),
    "people_closed": gettext_noop("Sign-ins closed"),
    "accounts_kept": gettext_noop("Accounts that stay"),
    "measured": gettext_noop("Goals measured"),
    "alerts": gettext_noop("Reminders made"),
    "lines_removed": gettext_noop("Sales lines removed"),
    "lines_restored": gettext_noop("Sales lines restored"),
    "accounts_removed": gettext_noop("Accounts removed"),
    "accounts_restored": gettext_noop("Accounts restored"),
    "offerings_removed": gettext_noop("Offerings removed"),
    "contacts_removed": gettext_noop("Contacts removed"),
    "contacts_restored": gettext_noop("Contacts restored"),
    "kept": gettext_noop("Kept, because in use"),
}


def job_kinds() -> list[tuple[str, str]]:
    """Return every registered kind with what it is called, in the reader's language."""
    return sorted(((kind, gettext(title)) for kind, title in KIND_TITLES.items()), key=itemgetter(1))


class Job(TimestampedModel):
    """One piece of background work. This row is the truth; a Celery message only says «run job N»."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=40, choices=job_kinds)
    key = models.CharField(  # noqa: DJ001 - unique needs NULLs
        _("key"), max_length=120, unique=True, null=True, help_text=_("one active job for one thing")
    )
    payload = models.JSONField(_("payload"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0, help_text=_("0 to 100"))
    message = models.CharField(_("message"), max_length=200, blank=True, help_text=_("an English msgid"))
    message_params = models.JSONField(_("values of the message"), default=dict)
    result = models.JSONField(_("result"), null=True)
    error = models.JSONField(_("error"), null=True, help_text=_("code, message (English msgid), params"))
    cursor = models.JSONField(_("resumes at"), default=dict, help_text=_("where a killed run goes on"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("attempts at most"), default=3)
    run_at = models.DateTimeField(_("not before"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    lease_until = models.DateTimeField(_("claimed until"), null=True)
    cancel_requested = models.BooleanField(_("to be cancelled"), default=False)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="jobs"
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("job"), _("jobs")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(progress__lte=100), name="job_progress_is_a_percentage"
            ),
        ]
        indexes = [models.Index(fields=["state", "run_at"], name="job_due")]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_state_display()}"

    @property
    def is_over(self) -> bool:
        return self.state not in (self.State.QUEUED, self.State.RUNNING)

    @property
    def title(self) -> str:
        """What the work is called, in the reader's language."""
        return gettext(KIND_TITLES.get(self.kind, self.kind))

    @property
    def result_items(self) -> list[tuple[str, Any]]:
        """The figures of the result that have a name for people, for the page."""
        result = self.result or {}
        return [
            (gettext(label), _for_people(result[name]))
            for name, label in RESULT_TITLES.items()
            if result.get(name) is not None
        ]

    @property
    def told_result(self) -> dict[str, Any] | None:
        """The result with its texts in the reader's language."""
        tell = RESULT_TELLERS.get(self.kind)
        return tell(self.result) if tell and self.result is not None else self.result

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return self.progress / 100

    @property
    def message_text(self) -> str:
        """The progress message in the reader's language."""
        values = self.message_params.items()
        return _translated(self.message, {n: _for_people(v) if isinstance(v, int) else v for n, v in values})

    @property
    def error_text(self) -> str:
        """The reason of the failure in the reader's language."""
        return _translated(self.error["message"], self.error.get("params", {})) if self.error else ""


def _for_people(value: Any) -> str:
    if isinstance(value, int | float):
        return formatting.number(value)
    try:
        return formatting.date(date.fromisoformat(value))
    except ValueError:
        return str(value)


def _translated(message: str, params: dict[str, Any]) -> str:
    if not message:
        return ""
    return gettext(message) % params if params else gettext(message)


class ApiKey(TimestampedModel):
    """A secret of a person's own with which a program may act for her, never beyond her rights."""

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(
        User, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="api_keys"
    )
    prefix = models.CharField(_("begins with"), max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("API key"), _("API keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def allows(self, resource: str, verb: str) -> bool:
        """Say whether the scopes cover ``resource:verb``; ``all`` covers everything."""
        return "all" in self.scopes or f"{resource}:{verb}" in self.scopes or f"{resource}:all" in self.scopes

    def is_usable(self, now: Any = None) -> bool:
        return self.revoked_at is None and self.expires_at > (now or timezone.now()) and self.owner.is_active


class ImportBatch(TimestampedModel):
    """One uploaded file on its way into the database, and everything needed to take it back."""

    class Kind(models.TextChoices):
        SALES = "sales", _("Sales lines")
        ACCOUNTS = "accounts", _("Accounts")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        COMMITTING = "committing", _("Being imported")
        COMMITTED = "committed", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SALES)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UPLOADED)
    source = models.CharField(
        _("source"), max_length=60, default="file", help_text=_("the system the file comes from")
    )
    file = models.FileField(_("file"), upload_to="imports/%Y/%m", max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    table = models.JSONField(_("table"), default=dict, help_text=_("delimiter, encoding, sheet, header"))
    mapping = models.JSONField(_("mapping"), default=dict, help_text=_("field: column"))
    options = models.JSONField(
        _("options"), default=dict, help_text=_("number style, date style, rules, match key, mode")
    )
    counts = models.JSONField(_("counts"), default=dict, help_text=_("result of the last dry run or commit"))
    reasons = models.JSONField(
        _("reasons"), default=list, help_text=_("why rows stay out: code, message, rows, amount")
    )
    problems = models.JSONField(_("problems"), default=list, help_text=_("first row problems, for the page"))
    changes = models.JSONField(
        _("changes"),
        default=list,
        help_text=_("first changed rows with before and after, for the page"),
    )
    kept = models.JSONField(
        _("left as it was"), default=dict, help_text=_("what an undo left alone, and why")
    )
    error_file = models.FileField(
        _("file of rejected rows"), upload_to="imports/%Y/%m", max_length=200, blank=True
    )
    job = models.ForeignKey(
        Job, verbose_name=_("job"), on_delete=models.SET_NULL, null=True, related_name="import_batches"
    )
    created_by = models.ForeignKey(
        User,
        verbose_name=_("imported by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="import_batches",
    )
    committed_at = models.DateTimeField(_("imported"), null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("import"), _("imports")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_demo(self) -> bool:
        """The demo company's orders: no file brought them, and they leave with the demo company, never alone."""
        return "made" in self.options

    @property
    def taken_back(self) -> list[tuple[str, int]]:
        """What an undo did, for the page; accounts in any case, of the rest what there was."""
        titles = ((name, title) for name, title in RESULT_TITLES.items() if name in self.kept)
        return [
            (gettext(title), self.kept[name])
            for name, title in titles
            if self.kept[name] or name == "accounts_removed"
        ]

    @property
    def left_out(self) -> int:
        """Rows of the file that stayed out."""
        return int(self.counts.get("rejected", 0)) + int(self.counts.get("without_account", 0))


class ImportedRow(models.Model):
    """One row that an import created (``before`` is empty) or changed: what its undo needs."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="imported_rows")
    table = models.CharField(max_length=20)
    row_id = models.CharField(max_length=36)
    before = models.JSONField(null=True)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "table", "row_id"], name="imported_row_once_a_batch")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class ImportProfile(TimestampedModel):
    """A column mapping that fits the next file from the same system as well."""

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=ImportBatch.Kind.choices)
    source = models.CharField(_("source"), max_length=60)
    header = models.JSONField(default=list, help_text="the header the profile was made for")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("import profile"), _("import profiles")
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="import_profile_name_unique")]

    def __str__(self) -> str:
        return self.name


class ExternalReference(models.Model):
    """Base of the tables that say under which id another system knows a row."""

    source = models.CharField(_("source"), max_length=60)
    external_id = models.CharField(_("external id"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"
