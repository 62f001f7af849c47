"""The company that uses the installation, its people and their teams."""

from base64 import b64encode
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kam.lib.models import TimestampedModel
from kam.lib.prepared import prepared
from kam.users.querysets import TeamQuerySet, UserManager


class Role(models.TextChoices):
    """What a person does for the company. KAM and account manager stand side by side."""

    LEADER = "leader", _("Sales leadership")
    KAM = "kam", _("Key account manager")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    SALES = "sales", _("Sales")
    SERVICE = "service", pgettext_lazy("role", "Service")
    OPERATIONS = "operations", _("Operations")
    VIEWER = "viewer", _("Viewer")


class AccountFunction(models.TextChoices):
    """What a colleague does on one account's team."""

    KAM = "kam", _("Key account manager")
    SPONSOR = "sponsor", _("Executive sponsor")
    SALES = "sales", _("Sales")
    SERVICE = "service", pgettext_lazy("role", "Service")
    OPERATIONS = "operations", _("Operations")


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Organisation(models.Model):
    """The one company this installation serves: its name, currency and calendar (a single row)."""

    name = models.CharField(_("name"), max_length=120, default="KAM")
    currency = models.CharField(_("reporting currency"), max_length=3, default="EUR")
    fiscal_year_start = models.PositiveSmallIntegerField(_("first month of the fiscal year"), default=1)
    is_demo = models.BooleanField(_("demo company"), default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="only_one_organisation"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__range=(1, 12)), name="fiscal_month_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Organisation":
        """Return the row, making it on first use."""
        return next(iter(_the_organisation()), None) or cls.objects.get_or_create(pk=1)[0]


@prepared
def _the_organisation() -> models.QuerySet[Organisation, Any]:
    return Organisation.objects.filter(pk=1)


class Logo(models.Model):
    """The company's logo for the pages that people outside see (a single row); a PNG without metadata."""

    content = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_logo")]

    def __str__(self) -> str:
        return f"{len(self.content)} B"

    @classmethod
    def address(cls) -> str:
        """Return the picture as an address that needs no request, or an empty text."""
        found = cls.objects.filter(pk=1).values_list("content", flat=True).first()
        return f"data:image/png;base64,{b64encode(bytes(found)).decode()}" if found else ""


class User(AbstractBaseUser, PermissionsMixin, TimestampedModel):
    """A colleague who signs in with an e-mail address."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.VIEWER)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("", _("As the browser")), ("de", "Deutsch"), ("en", "English")],
        blank=True,
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name, verbose_name_plural = _("user"), _("users")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="email_unique_whatever_its_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """The admin panel is for sales leadership."""
        return self.is_active and self.role == Role.LEADER

    @property
    def sees_everything(self) -> bool:
        return self.role in (Role.LEADER, Role.VIEWER)

    @property
    def initials(self) -> str:
        parts = self.name.split() or [self.email]
        return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """The admin panel asks for Django permissions: leaders hold them all, nobody else any."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.email


class Team(TimestampedModel):
    """Colleagues who see each other's accounts. A team never owns people's reporting lines."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    members = models.ManyToManyField(User, verbose_name=_("members"), related_name="teams", blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("team"), _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
