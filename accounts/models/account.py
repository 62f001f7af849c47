"""A customer company, its place in a group and the colleagues who look after it."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.querysets import AccountQuerySet
from kam.integrations.models import ExternalReference
from kam.lib.models import SMALL_NUMBER, WHOLE_NUMBER, TimestampedModel, UUIDModel, VersionedModel
from kam.lib.text import fold, fold_name
from kam.users.models import AccountFunction, Team, User


class AccountStatus(models.TextChoices):
    PROSPECT = "prospect", _("Prospect")
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")


class LiveAccounts(models.Manager.from_queryset(AccountQuerySet)):  # type: ignore[misc]  # a class made at run time
    """Accounts as everybody means them: one that was merged into another is none any more.

    A foreign key still finds its row (Django follows them by the base manager), so that an earlier run keeps its names.
    """

    def get_queryset(self) -> AccountQuerySet:
        found: AccountQuerySet = super().get_queryset()
        return found.filter(merged_into__isnull=True)


class Account(VersionedModel):
    """A customer company. ``key_since`` is set by an approved decision and by nothing else."""

    name = models.CharField(_("legal name"), max_length=200)
    brand_name = models.CharField(_("brand name"), max_length=200, blank=True)
    domain = models.CharField(_("web domain"), max_length=120, blank=True)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True, validators=WHOLE_NUMBER)
    payment_terms_days = models.PositiveSmallIntegerField(
        _("payment terms (days)"), null=True, blank=True, validators=SMALL_NUMBER
    )
    status = models.CharField(
        _("status"), max_length=10, choices=AccountStatus.choices, default=AccountStatus.ACTIVE
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent company"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="children",
    )
    # The top of the tree, kept by the actions that move a company; empty at the top itself.
    ultimate_parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="group_members"
    )
    owner = models.ForeignKey(
        User,
        verbose_name=_("account manager"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_accounts",
    )
    kam = models.ForeignKey(
        User,
        verbose_name=_("key account manager"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="key_accounts",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="accounts",
    )
    # Set when this account turned out to be another one. Not indexed by itself: almost all of it is empty.
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_accounts",
        db_index=False,
    )
    key_since = models.DateField(_("key account since"), null=True, blank=True, editable=False)
    search_text = models.TextField(
        editable=False, blank=True, help_text="folded names, domain, city and external ids"
    )
    sort_key = models.CharField(max_length=200, editable=False, blank=True, help_text="folded name")

    objects = LiveAccounts()
    everything = AccountQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("account"), _("accounts")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="account_has_a_name"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="account_is_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True) | models.Q(latitude__range=(-90, 90)),
                name="account_latitude_exists",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True) | models.Q(longitude__range=(-180, 180)),
                name="account_longitude_exists",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="account_by_name"),
            models.Index(fields=["updated_at", "id"], name="account_by_change"),
            # Where most accounts have no value, an index of all of them looks useless to SQLite and is not used.
            models.Index(fields=["domain"], condition=~models.Q(domain=""), name="account_by_known_domain"),
            models.Index(fields=["vat_id"], condition=~models.Q(vat_id=""), name="account_by_known_vat_id"),
            models.Index(
                fields=["parent"], condition=models.Q(parent__isnull=False), name="account_by_parent"
            ),
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="account_merged_into",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name people say: the brand if there is one."""
        return self.brand_name or self.name

    def search_columns(self, external_ids: Iterable[str] = ()) -> dict[str, str]:
        """Return what ``search_text`` and ``sort_key`` must hold for the present names and ids."""
        words = [self.name, self.brand_name, self.domain, self.city, self.vat_id, *external_ids]
        return {"search_text": fold(" ".join(words)), "sort_key": fold_name(self.display_name)[:200]}

    @property
    def is_key(self) -> bool:
        return self.key_since is not None

    @property
    def top_id(self) -> Any:
        """The id of the ultimate parent, or its own at the top."""
        return self.ultimate_parent_id or self.pk


class AccountTeamMember(TimestampedModel):
    """A colleague's function on one account's team."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="team_members")
    user = models.ForeignKey(
        User, verbose_name=_("colleague"), on_delete=models.CASCADE, related_name="account_teams"
    )
    function = models.CharField(_("function"), max_length=12, choices=AccountFunction.choices)

    class Meta:
        verbose_name, verbose_name_plural = _("account team member"), _("account team members")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user", "function"], name="one_function_once_per_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_function_display()})"


class AccountReference(UUIDModel, ExternalReference):
    """The id another system knows the account by."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="references")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="account_reference_unique")
        ]
        indexes = [models.Index(fields=["external_id"], name="account_by_external_id")]
