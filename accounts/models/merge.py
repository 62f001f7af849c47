"""The record of two accounts that became one: what went where, so that it can be taken apart again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.querysets import AccountMergeQuerySet, DistinctionQuerySet
from kam.integrations.models import Job
from kam.lib.models import TimestampedModel
from kam.users.models import User


class AccountMerge(TimestampedModel):
    """One account merged into another. The merged one stays as a row that points to the other."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Being merged")
        MERGED = "merged", _("Merged")
        UNDOING = "undoing", _("Being taken apart")
        UNDONE = "undone", _("Taken apart")

    target = models.ForeignKey(
        Account, verbose_name=_("account that stays"), on_delete=models.CASCADE, related_name="merges"
    )
    source = models.ForeignKey(
        Account, verbose_name=_("account that is merged"), on_delete=models.CASCADE, related_name="merged_by"
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    fields = models.JSONField(
        _("values taken over"),
        default=dict,
        help_text=_("field: source, where the merged account's value wins"),
    )
    counts = models.JSONField(
        _("counts"), default=dict, help_text=_("relation: [rows moved, rows that collided]")
    )
    changes = models.JSONField(default=list, help_text="model, pk, before and after of rows that changed")
    aside = models.JSONField(default=list, help_text="rows that had no place beside those that stood there")
    made = models.JSONField(default=list, help_text="model and pk of rows that the merge made")
    kept = models.JSONField(
        _("left as it was"),
        default=list,
        help_text=_("what an undo could not take back: message and values"),
    )
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="merges")
    created_by = models.ForeignKey(
        User, verbose_name=_("merged by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    merged_at = models.DateTimeField(_("merged"), null=True, blank=True)
    undone_at = models.DateTimeField(_("taken apart"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User,
        verbose_name=_("taken apart by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = AccountMergeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("merge of accounts"), _("merges of accounts")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~models.Q(state="undone"), name="an_account_is_merged_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(target=models.F("source")), name="merge_is_of_two_accounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Distinction(TimestampedModel):
    """Somebody has said that two accounts that look alike are two companies; stands once from either side."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="told_apart")
    other = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="told_apart_from")
    created_by = models.ForeignKey(
        User, verbose_name=_("told apart by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = DistinctionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("pair told apart"), _("pairs told apart")
        constraints = [
            models.UniqueConstraint(fields=["account", "other"], name="two_accounts_are_told_apart_once"),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("other")), name="distinction_is_of_two_accounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} ≠ {self.other}"


class MergedRow(models.Model):
    """One row that went from the merged account to the other; an account may have millions of sales lines."""

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(AccountMerge, on_delete=models.CASCADE, related_name="rows", db_index=False)
    relation = models.CharField(max_length=80, help_text="app.model.field")
    row_id = models.CharField(max_length=36, help_text="as the database writes the key")

    class Meta:
        indexes = [models.Index(fields=["merge", "relation"], name="merged_row_of_merge")]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_id}"
