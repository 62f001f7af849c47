"""A person at an account."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.account import Account
from accounts.querysets import ContactQuerySet
from kam.lib.models import UUIDModel, VersionedModel
from kam.lib.text import fold


class Contact(VersionedModel):
    """A person at an account, with as many addresses as the person has."""

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="contacts"
    )
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=80, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("de", "Deutsch"), ("en", "English")], blank=True
    )
    note = models.TextField(_("note"), blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    search_text = models.TextField(editable=False, blank=True)
    sort_key = models.CharField(max_length=170, editable=False, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contact"), _("contacts")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(last_name=""), name="contact_has_a_last_name")
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def search_columns(self, addresses: Iterable[str] = ()) -> dict[str, str]:
        """Return what the columns ``search_text`` and ``sort_key`` must hold for the present values."""
        words = [self.first_name, self.last_name, self.job_title, self.department, *addresses]
        return {
            "search_text": fold(" ".join(words)),
            "sort_key": fold(f"{self.last_name} {self.first_name}")[:170],
        }


class ContactEmail(UUIDModel):
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emails")
    address = models.EmailField(_("e-mail"))
    is_primary = models.BooleanField(_("preferred"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "address"], name="contact_email_once")]
        ordering = ["-is_primary", "address"]

    def __str__(self) -> str:
        return self.address


class ContactPhone(UUIDModel):
    class Kind(models.TextChoices):
        WORK = "work", pgettext_lazy("phone", "Work")
        MOBILE = "mobile", _("Mobile")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(_("phone"), max_length=40)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.WORK)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "number"], name="contact_phone_once")]
        ordering = ["kind", "number"]

    def __str__(self) -> str:
        return self.number
