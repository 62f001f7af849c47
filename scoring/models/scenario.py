"""Another weighting under a name, on its way from an idea to the next version of the model."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kam.lib.models import VersionedModel
from kam.users.models import User
from scoring.models.method import ScoringModel
from scoring.querysets import ScenarioQuerySet


class Scenario(VersionedModel):
    """Weights and a cut line beside those of one version of a model, its baseline.

    ``weights`` are per cent in the order of the baseline's criteria, ``cut_value`` is a rank or a total as the
    baseline draws its line. Approved, it is the next version: ``result``.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Saved")
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    name = models.CharField(_("name"), max_length=80)
    model = models.ForeignKey(
        ScoringModel, verbose_name=_("baseline"), on_delete=models.PROTECT, related_name="scenarios"
    )
    weights = models.JSONField(_("weights"), default=list)
    cut_value = models.FloatField(_("cut at"))
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    proposed_by = models.ForeignKey(
        User,
        verbose_name=_("proposed by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    result = models.ForeignKey(
        ScoringModel,
        verbose_name=_("result"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="origins",
    )

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("scenario"), _("scenarios")
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(state__in=["draft", "proposed"]),
                name="one_open_scenario_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Not decided yet."""
        return self.state in (self.State.DRAFT, self.State.PROPOSED)
