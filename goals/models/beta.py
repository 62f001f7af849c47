"""Beta programmes: a product close to its market, the accounts it fits, what they agreed to and found."""

from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Offering
from goals.fit import Profile
from goals.models.metric import VALUE
from goals.querysets import BetaProgrammeQuerySet, FeedbackQuerySet, ParticipationQuerySet
from kam.lib.models import SMALL_NUMBER, TimestampedModel, VersionedModel
from kam.users.models import User


class BetaProgramme(VersionedModel):
    """A test of something new with customers of its target market; it belongs to the whole company."""

    name = models.CharField(_("beta programme"), max_length=120, unique=True)
    offering = models.ForeignKey(
        Offering,
        verbose_name=_("offering"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="beta_programmes",
    )
    purpose = models.TextField(_("what is to be found out"), blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    places = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=SMALL_NUMBER,
        help_text=_("Leave empty for any number."),
    )
    industries = models.CharField(
        _("industries"), max_length=300, blank=True, help_text=_("Separated by commas; empty: any.")
    )
    countries = models.CharField(
        _("countries"), max_length=300, blank=True, help_text=_("Separated by commas; empty: any.")
    )
    key_only = models.BooleanField(_("key accounts only"), default=False)
    buys = models.ForeignKey(
        Offering,
        verbose_name=_("buys already"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("An offering, or a group of them."),
    )
    revenue_from = models.DecimalField(_("revenue a year from"), **VALUE, null=True, blank=True)
    revenue_to = models.DecimalField(_("revenue a year up to"), **VALUE, null=True, blank=True)
    owner = models.ForeignKey(
        User, verbose_name=_("owner"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    objects = BetaProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("beta programme"), _("beta programmes")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="beta_programme_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def profile(self) -> Profile:
        """What goals.fit works with."""
        return Profile(
            _listed(self.industries),
            _listed(self.countries),
            self.key_only,
            str(self.buys or ""),
            self.revenue_from,
            self.revenue_to,
        )


class BetaParticipation(VersionedModel):
    """One account in a programme: invited, consented by whom, when and how, and what came of it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Takes part")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        FINISHED = "finished", _("Finished")

    class ConsentBy(models.TextChoices):
        WRITTEN = "written", _("In writing")
        MAIL = "mail", _("By e-mail")
        CALL = "call", _("On the phone, noted by us")
        MEETING = "meeting", _("In a meeting, noted by us")

    class Outcome(models.TextChoices):
        NONE = "", _("Not said yet")
        ORDERED = "ordered", _("Ordered it")
        WANTS = "wants", _("Wants it")
        LATER = "later", _("Perhaps later")
        NOT_FOR = "not_for", _("Does not fit")

    programme = models.ForeignKey(
        BetaProgramme,
        verbose_name=_("beta programme"),
        on_delete=models.CASCADE,
        related_name="participations",
    )
    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="beta_participations"
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    invited_on = models.DateField(_("invited on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    consent_by = models.CharField(_("who agreed"), max_length=120, blank=True)
    consent_on = models.DateField(_("agreed on"), null=True, blank=True)
    consent_how = models.CharField(_("how"), max_length=7, choices=ConsentBy.choices, blank=True)
    note = models.CharField(_("reason"), max_length=300, blank=True)
    override_reason = models.CharField(_("why beyond the limit"), max_length=300, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=7, choices=Outcome.choices, blank=True, default=Outcome.NONE
    )
    outcome_text = models.TextField(_("what came of it"), blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("participation"), _("participations")
        ordering = ["programme", "account__sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "account"], name="account_once_a_beta_programme"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "finished"]) | Q(consent_on__isnull=False),
                name="taking_part_needs_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.account}"


class BetaFeedback(TimestampedModel):
    """What a customer said about what it tries; kept as it was said."""

    class Kind(models.TextChoices):
        PRAISE = "praise", _("Works well")
        PROBLEM = "problem", _("Problem")
        WISH = "wish", _("Wish")

    participation = models.ForeignKey(
        BetaParticipation, verbose_name=_("participation"), on_delete=models.CASCADE, related_name="feedback"
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    text = models.TextField(_("what was said"))
    given_on = models.DateField(_("said on"))
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("by whom"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    noted_by = models.ForeignKey(
        User, verbose_name=_("noted by"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("feedback"), _("feedback")
        ordering = ["-given_on", "-id"]

    def __str__(self) -> str:
        return Truncator(self.text).chars(80)


class BetaLimits(models.Model):
    """In how many programmes an account may be asked (a single row): so that not always the same are asked."""

    at_once = models.PositiveSmallIntegerField(_("programmes at the same time"), default=1)
    per_year = models.PositiveSmallIntegerField(_("invitations in twelve months"), default=2)

    class Meta:
        verbose_name = verbose_name_plural = _("limits of beta programmes")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="only_one_row_of_beta_limits")]

    def __str__(self) -> str:
        return f"{self.at_once} / {self.per_year}"

    @classmethod
    def current(cls) -> "BetaLimits":
        """Return the row, or the shipped limits while nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
