"""Where we are ourselves: headquarters, plants, service centres."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.querysets import OwnSiteQuerySet
from kam.lib.models import VersionedModel


class OwnSite(VersionedModel):
    """One of our sites. A closed one stays, so that what was computed while it was open can be computed again."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    opened_on = models.DateField(_("opens on"), null=True, blank=True)
    closed_on = models.DateField(_("closes on"), null=True, blank=True)

    objects = OwnSiteQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("own site"), _("own sites")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="own_site_has_a_name"),
            models.CheckConstraint(condition=Q(latitude__range=(-90, 90)), name="own_site_latitude_exists"),
            models.CheckConstraint(
                condition=Q(longitude__range=(-180, 180)), name="own_site_longitude_exists"
            ),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True)
                | Q(closed_on__isnull=True)
                | Q(closed_on__gt=F("opened_on")),
                name="own_site_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Street and town in one line, as far as they are known."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        return ", ".join(part for part in (self.street, town, self.country) if part)
