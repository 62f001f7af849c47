"""The conversation in which a customer hears what being a key account means."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Activity, Contact, Verb
from kam.lib.models import VersionedModel
from kam.users.models import User
from scoring.models.decision import Decision
from scoring.querysets import ConversationQuerySet


class PromotionConversation(VersionedModel):
    """Open from the approval on, held as soon as somebody wrote down what the customer said.

    A decision that was approved before conversations were kept has none: that is «not recorded», not overdue.
    """

    class Kind(models.TextChoices):
        MEETING = Verb.MEETING.value, Verb.MEETING.label
        CALL = Verb.CALL.value, Verb.CALL.label
        VISIT = Verb.VISIT.value, Verb.VISIT.label

    decision = models.OneToOneField(
        Decision, verbose_name=_("decision"), on_delete=models.CASCADE, related_name="conversation"
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    kind = models.CharField(_("how"), max_length=7, choices=Kind.choices, default=Kind.MEETING)
    contacts = models.ManyToManyField(Contact, verbose_name=_("with whom"), blank=True, related_name="+")
    said = models.TextField(_("what the customer said"), blank=True)
    held_by = models.ForeignKey(
        User, verbose_name=_("by whom"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    activity = models.OneToOneField(
        Activity, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation about key account status")
        verbose_name_plural = _("conversations about key account status")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, said="") | Q(held_on__isnull=False) & ~Q(said=""),
                name="held_conversation_says_what_was_said",
            )
        ]

    def __str__(self) -> str:
        return str(self.decision.account)

    @property
    def is_held(self) -> bool:
        return self.held_on is not None
