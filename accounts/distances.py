"""How far accounts are from the nearest of our sites, as of a day."""

from datetime import date
from typing import Any

import numpy as np
from django.db.models import FloatField, QuerySet
from django.db.models.functions import Cast

from accounts.geo import Nearest, nearest_km, nearest_site
from accounts.models import Account, OwnSite
from kam.lib.models import KeyText, plain_rows


def service_distances(as_of: date, accounts: QuerySet[Account] | None = None) -> dict[str, float]:
    """Return the kilometres to the nearest site open on a day, by id as KeyText, in two queries.

    Who has no coordinates is not in it, and without a site nobody is.
    """
    sites = [(float(north), float(east)) for north, east in _open(as_of).values_list("latitude", "longitude")]
    if not sites:
        return {}
    known = Account.objects.all() if accounts is None else accounts
    known = known.filter(latitude__isnull=False, longitude__isnull=False).order_by()
    north, east = Cast("latitude", FloatField()), Cast("longitude", FloatField())
    rows = plain_rows(known.annotate(north=north, east=east).values_list(KeyText("pk"), "north", "east"))
    if not rows:
        return {}
    keys, *places = zip(*rows, strict=True)
    kilometres = nearest_km(np.array(places, dtype=np.float64).T, sites)
    return dict(zip(keys, kilometres.tolist(), strict=True))


def nearest_site_of(account: Account, as_of: date) -> Nearest | None:
    """Return the site nearest to an account on a day, None without coordinates or without a site."""
    if account.latitude is None or account.longitude is None:
        return None
    sites = {site.name: (float(site.latitude), float(site.longitude)) for site in _open(as_of)}
    return nearest_site((float(account.latitude), float(account.longitude)), sites)


def _open(as_of: date) -> Any:
    return OwnSite.objects.open_on(as_of)
