"""What people think of accounts, the rounds that ask them, and the tables they hand in."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.lib.models import VersionedModel
from kam.users.models import User
from scoring.models.method import Criterion
from scoring.querysets import RatingImportQuerySet, RatingQuerySet, SharedQuerySet


class RatingRound(VersionedModel):
    """An invitation to rate: who, what, until when. Ratings are blind until submitted."""

    name = models.CharField(_("name"), max_length=80)
    criteria = models.ManyToManyField(Criterion, verbose_name=_("criteria"), related_name="rounds")
    raters = models.ManyToManyField(User, verbose_name=_("raters"), related_name="rating_rounds")
    due_on = models.DateField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("rating round"), _("rating rounds")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Rating(VersionedModel):
    """One person's 1–10 for (account, criterion); missing is no row, «not applicable» is one."""

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="ratings", db_index=False
    )
    criterion = models.ForeignKey(
        Criterion, verbose_name=_("criterion"), on_delete=models.PROTECT, related_name="ratings"
    )
    rater = models.ForeignKey(
        User, verbose_name=_("rater"), on_delete=models.SET_NULL, null=True, related_name="ratings"
    )
    round = models.ForeignKey(
        RatingRound,
        verbose_name=_("rating round"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="ratings",
    )
    value = models.DecimalField(_("rating"), max_digits=3, decimal_places=1, null=True, blank=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    note = models.TextField(_("note"), blank=True)
    evidence_url = models.URLField(_("evidence"), blank=True)
    rated_on = models.DateField(_("rated on"))
    carried_from = models.ForeignKey(
        "self",
        verbose_name=_("carried over from"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("proposed from an earlier rating, and not said again since"),
    )
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("rating"), _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "criterion", "rater", "round"], name="one_rating_a_rater_round_and_cell"
            ),
            models.UniqueConstraint(
                fields=["account", "criterion", "rater"],
                condition=models.Q(round__isnull=True),
                name="one_rating_a_rater_and_cell",
            ),
            models.CheckConstraint(
                condition=models.Q(value__range=(1, 10), not_applicable=False)
                | models.Q(value__isnull=True, not_applicable=True),
                name="rating_is_1_to_10_or_not_applicable",
            ),
        ]
        indexes = [
            # All that a run reads of a rating, account by account: it never leaves the index.
            models.Index(
                fields=["account", "criterion", "value", "rated_on", "submitted_at"], name="rating_of_account"
            ),
            models.Index(
                fields=["criterion"], condition=models.Q(not_applicable=True), name="rating_not_applicable"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value if self.value is not None else '–'}"


class RatingImport(VersionedModel):
    """A table of one person's own ratings: tried first, then taken over as a whole, and taken back exactly."""

    class State(models.TextChoices):
        CHECKED = "checked", _("Checked")
        COMMITTED = "committed", _("Taken over")
        UNDONE = "undone", _("Undone")

    round = models.ForeignKey(
        RatingRound,
        verbose_name=_("rating round"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="imports",
    )
    file_name = models.CharField(_("file name"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKED)
    rows = models.JSONField(default=list, help_text="what the table says, row by row, as it was understood")
    problems = models.JSONField(default=list, help_text="row, field, code, message (English msgid), params")
    done = models.JSONField(default=list, help_text="rating, version, and what stood there before")
    kept = models.JSONField(default=list, help_text="ratings that an undo left alone")
    created_by = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="rating_imports", verbose_name=_("rater")
    )
    committed_at = models.DateTimeField(_("taken over"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects: Any = RatingImportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("import of ratings"), _("imports of ratings")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
