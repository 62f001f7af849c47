"""Tables of metric values and years that were imported, with what their undo needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.querysets import TableImportQuerySet
from kam.lib.models import TimestampedModel
from kam.users.models import User


class TableImport(TimestampedModel):
    """One imported table: each row it wrote as it was before and as it left it."""

    class Kind(models.TextChoices):
        MEASUREMENTS = "measurements", _("Values of metrics")
        YEARS = "years", _("Plans and costs by year")
        CONTRACTS = "contracts", _("Contracts")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    changes = models.JSONField(default=list, editable=False, help_text="row, before (null: new) and after")
    written = models.PositiveIntegerField(_("rows"), default=0)
    created_by = models.ForeignKey(
        User, verbose_name=_("imported by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    kept = models.PositiveIntegerField(
        _("rows kept"), default=0, help_text=_("changed since the import, so the undo left them alone")
    )

    objects = TableImportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("imported table"), _("imported tables")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"
