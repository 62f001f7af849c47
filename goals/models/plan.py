"""The plan of an account: why, how, what; what both sides expect, promised and gave."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Visibility
from goals.models.goal import Goal
from goals.models.metric import VALUE
from goals.querysets import OfPlanQuerySet, PlanQuerySet, PromiseQuerySet
from kam.lib.models import VersionedModel
from kam.users.models import User


def _for_the_customer() -> list[str]:
    return ["purpose_customer"]


class Plan(VersionedModel):
    """One page per account: why, how, what, and the purpose on both sides."""

    account = models.OneToOneField(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="plan"
    )
    why = models.TextField(_("why"), blank=True)
    how = models.TextField(_("how"), blank=True)
    what = models.TextField(_("what"), blank=True)
    purpose_ours = models.TextField(_("purpose for us"), blank=True)
    purpose_customer = models.TextField(_("purpose for the customer"), blank=True)
    shared = models.JSONField(
        _("shown to the customer"), default=_for_the_customer, blank=True, help_text=_("names of the texts")
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("plan"), _("plans")

    def __str__(self) -> str:
        return str(self.account)


class Expectation(VersionedModel):
    """What one side expects of the other; open until the other side has accepted it."""

    class Side(models.TextChoices):
        INTERNAL = "internal", _("What we expect")
        EXTERNAL = "external", _("What the customer expects")

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="expectations"
    )
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    text = models.TextField(_("expectation"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True, editable=False)
    accepted_by = models.CharField(_("accepted by"), max_length=120, blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("expectation"), _("expectations")
        ordering = ["side", "id"]

    def __str__(self) -> str:
        return Truncator(self.text).chars(80)


class Promise(VersionedModel):
    """What we promised somebody, by when, and whether it was kept."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="promises"
    )
    text = models.CharField(_("promise"), max_length=300)
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("to whom"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="promises",
    )
    promised_on = models.DateField(_("promised on"))
    due_on = models.DateField(_("due"))
    owner = models.ForeignKey(
        User, verbose_name=_("who"), on_delete=models.SET_NULL, null=True, blank=True, related_name="promises"
    )
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.SHAREABLE
    )

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("promise"), _("promises")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | Q(state__in=["kept", "broken"], closed_on__isnull=False),
                name="promise_is_closed_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Procedure(VersionedModel):
    """How something is done for this account: what the customer sees, and what we do."""

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="procedures"
    )
    title = models.CharField(_("procedure"), max_length=200)
    customer_text = models.TextField(_("what the customer can expect"), blank=True)
    internal_text = models.TextField(_("what we do"), blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("procedure"), _("procedures")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class JointProject(VersionedModel):
    """A project with a benefit to both sides."""

    class State(models.TextChoices):
        IDEA = "idea", _("Idea")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="joint_projects"
    )
    title = models.CharField(_("joint project"), max_length=200)
    benefit_ours = models.TextField(_("benefit for us"))
    benefit_customer = models.TextField(_("benefit for the customer"))
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.IDEA)
    due_on = models.DateField(_("due"), null=True, blank=True)
    owner = models.ForeignKey(
        User, verbose_name=_("owner"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    result = models.TextField(_("result"), blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.SHAREABLE
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("joint project"), _("joint projects")
        ordering = ["state", "due_on", "id"]

    def __str__(self) -> str:
        return self.title


class Challenge(VersionedModel):
    """A problem of the customer's; it leads to a solution and, at the end, to a result."""

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="challenges"
    )
    title = models.CharField(_("challenge"), max_length=200)
    raised_on = models.DateField(_("raised on"))
    solution = models.TextField(_("solution"), blank=True)
    result = models.TextField(_("result"), blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    goal = models.ForeignKey(
        Goal,
        verbose_name=_("goal"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="challenges",
    )
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("challenge"), _("challenges")
        ordering = ["resolved_on", "raised_on", "id"]

    def __str__(self) -> str:
        return self.title


class ValueEntry(VersionedModel):
    """What one side gave the other beyond the invoice; with an amount where there is an honest one."""

    class Kind(models.TextChoices):
        SAVING = "saving", _("Saving")
        SERVICE = "service", _("Work or service")
        KNOWLEDGE = "knowledge", _("Knowledge or training")
        REFERENCE = "reference", _("Reference or referral")
        OTHER = "other", _("Something else")

    class Direction(models.TextChoices):
        GIVE = "give", _("We gave")
        GET = "get", _("We got")

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="value_entries"
    )
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.OTHER)
    text = models.CharField(_("what"), max_length=300)
    amount = models.DecimalField(_("worth"), **VALUE, null=True, blank=True)
    occurred_on = models.DateField(_("when"))
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("value given or got"), _("values given or got")
        ordering = ["-occurred_on", "-id"]

    def __str__(self) -> str:
        return self.text

    @property
    def worth_to_customer(self) -> Decimal | None:
        """What a customer may read of its worth: what the customer's help is worth to us is ours to know."""
        return self.amount if self.direction == self.Direction.GIVE else None


class AccountYear(VersionedModel):
    """What people know about an account's calendar year and no sales line says."""

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="years"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    planned_revenue = models.DecimalField(_("planned revenue"), **VALUE, null=True, blank=True)
    wallet = models.DecimalField(
        _("the customer's whole spend on what we sell"), **VALUE, null=True, blank=True
    )
    wallet_source = models.CharField(_("where the spend is known from"), max_length=200, blank=True)
    other_cost = models.DecimalField(_("other cost to serve"), **VALUE, null=True, blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("account year"), _("account years")
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["account", "year"], name="account_year_once")]

    def __str__(self) -> str:
        return str(self.year)
