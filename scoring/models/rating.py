"""What people think of accounts, and the rounds that ask them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.lib.models import VersionedModel
from kam.users.models import User
from scoring.models.method import Criterion
from scoring.querysets import RatingQuerySet, SharedQuerySet


class RatingRound(VersionedModel):
    """An invitation to rate: who, what, until when. Ratings are blind until submitted."""

    name = models.CharField(_("name"), max_length=80)
    criteria = models.ManyToManyField(Criterion, related_name="rounds")
    raters = models.ManyToManyField(User, related_name="rating_rounds")
    due_on = models.DateField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("rating round"), _("rating rounds")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Rating(VersionedModel):
    """One person's 1–10 for (account, criterion); missing is no row, «not applicable» is one."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="ratings")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="ratings")
    rater = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="ratings")
    round = models.ForeignKey(
        RatingRound, on_delete=models.SET_NULL, null=True, blank=True, related_name="ratings"
    )
    value = models.DecimalField(_("rating"), max_digits=3, decimal_places=1, null=True, blank=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    note = models.TextField(_("note"), blank=True)
    evidence_url = models.URLField(_("evidence"), blank=True)
    rated_on = models.DateField(_("rated on"))
    submitted_at = models.DateTimeField(null=True, blank=True)

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
            models.Index(
                fields=["criterion"], condition=models.Q(not_applicable=True), name="rating_not_applicable"
            )
        ]

    def __str__(self) -> str:
        return f"{self.value if self.value is not None else '–'}"
